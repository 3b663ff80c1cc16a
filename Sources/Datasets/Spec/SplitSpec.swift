public import Settings

/// Where the rows of one split come from: a reader, the rows of it that are meant, and transforms of its own.
public struct SplitSpec: SettingValue {
  public var reader: any Reader
  /// Rows of all classes where nil.
  public var selection: ClassSelection?
  /// All rows, of those selected, where nil.
  public var slice: RowRange?
  /// What happens to this split after the transforms common to all.
  public var transforms: [any Transform]

  public init(
    _ reader: any Reader, selection: ClassSelection? = nil, slice: RowRange? = nil,
    transforms: [any Transform] = []
  ) {
    self.reader = reader
    self.selection = selection
    self.slice = slice
    self.transforms = transforms
  }

  /// The keys that stand beside those of any reader.
  private struct Common: Configurable {
    var selection: ClassSelection?
    var slice: RowRange?
    var transforms: [Choice<TransformKind>] = []

    static let fields: [Field<Common>] = [
      Field("select", \.selection, "the classes whose rows to take; all where left out"),
      Field(
        "slice", \.slice,
        "the rows to take (of those selected), from the first to before the second; a negative number counts from the end, null is the end"
      ),
      Field(
        "transforms", \.transforms,
        "what happens to this split alone, after the transforms common to all"),
    ]
  }

  public static let expectation = "where the rows come from: a reader"
  public static let schema: JSON = readerRegistry.reference

  /// The JSON Schema that `schema` refers to: any reader, with `slice` and `transforms`.
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
      reader, selection: common.selection, slice: common.slice,
      transforms: common.transforms.map(\.value))
  }

  public var json: JSON {
    let common = Common(
      selection: selection, slice: slice, transforms: transforms.map(Choice.init))
    return JSON(.object((reader.typedJSON.members ?? []) + (common.json.members ?? [])))
  }

  public static func == (one: SplitSpec, other: SplitSpec) -> Bool {
    one.reader.equals(other.reader) && one.selection == other.selection
      && one.slice == other.slice
      && one.transforms.map(Choice<TransformKind>.init)
        == other.transforms.map(Choice<TransformKind>.init)
  }
}
