public import Settings

/// Where the rows of one split come from: a reader, the rows of it that are meant, and transforms of its own.
public struct SplitSpec: SettingValue {
  public var reader: any Reader
  /// Rows of all classes where nil.
  public var selection: ClassSelection?
  /// The seed of the order in which `slice` counts the rows; that of the files where nil.
  public var shuffle: Int?
  /// All rows, of those selected, where nil.
  public var slice: RowRange?
  /// What happens to this split after the transforms common to all.
  public var transforms: [any Transform]

  public init(
    _ reader: any Reader, selection: ClassSelection? = nil, shuffle: Int? = nil,
    slice: RowRange? = nil, transforms: [any Transform] = []
  ) {
    self.reader = reader
    self.selection = selection
    self.shuffle = shuffle
    self.slice = slice
    self.transforms = transforms
  }

  /// The keys that stand beside those of any reader.
  private struct Common: Configurable {
    var selection: ClassSelection?
    var shuffle: Int?
    var slice: RowRange?
    var transforms: [Choice<TransformKind>] = []

    static let fields: [Field<Common>] = [
      Field("select", \.selection, "the classes whose rows to take; all where left out"),
      Field(
        "shuffle", \.shuffle, .within(0...1 << 53),
        "a seed of a random order of the rows (of those selected), for files that are sorted by class: slices of one order do not overlap"
      ),
      Field(
        "slice", \.slice,
        "the rows to take (of those selected, in that order), from the first to before the second; a negative number counts from the end, null is the end"
      ),
      Field(
        "transforms", \.transforms,
        "what happens to this split alone, after the transforms common to all"),
    ]
  }

  public static let expectation = "where the rows come from: a reader"
  public static let schema: JSON = readerRegistry.reference

  /// The JSON Schema that `schema` refers to: any reader, with the keys that all have.
  public static var definition: JSON {
    readerRegistry.definition(with: Common.schema["properties"]?.members ?? [])
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    let names = Common.fields.map(\.name)
    let reader = readerRegistry.read(json, at: path, besides: names, &problems)
    guard let members = json.members else { return nil }
    let rest = JSON(.object(members.filter { names.contains($0.key) }), at: json.place)
    guard let common = Common.read(rest, at: path, &problems), let reader else { return nil }
    return SplitSpec(
      reader, selection: common.selection, shuffle: common.shuffle, slice: common.slice,
      transforms: common.transforms.map(\.value))
  }

  public var json: JSON {
    let common = Common(
      selection: selection, shuffle: shuffle, slice: slice,
      transforms: transforms.map(Choice.init))
    return JSON(.object((reader.typedJSON.members ?? []) + (common.json.members ?? [])))
  }

  public static func == (one: SplitSpec, other: SplitSpec) -> Bool {
    one.reader.equals(other.reader) && one.selection == other.selection
      && one.shuffle == other.shuffle && one.slice == other.slice
      && one.transforms.map(Choice<TransformKind>.init)
        == other.transforms.map(Choice<TransformKind>.init)
  }
}
