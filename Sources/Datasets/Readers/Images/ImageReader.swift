import Formats
import Settings
import TensorCore

/// A reader of pictures that are files of their own, in a folder, a list or an archive.
protocol ImageReader: Reader {
  var images: ImageSettings { get set }
}

/// The settings that such readers have in common.
struct ImageSettings: Sendable, Equatable {
  var channels = 3
  var size: [Int]?
  var isResizing = false
  var hasLabels = true
  var classes: [String]?
  var isInMemory: Bool?
  var turns = true
  var onBadRow = BadRowPolicy.error
  var image = "image"
  var label = "label"

  /// What the manuals of the readers say of them.
  static let manual = """
    PNG and JPEG files are read, each as bytes [H, W, C] of 0 to 255: grey is repeated into RGB, RGB becomes grey as
    luma, CMYK becomes RGB, alpha is left out. A JPEG that a camera noted an orientation in (Exif) is turned upright,
    as viewers show it, unless "exif_rotation" is false; a note tells how many are, where all are decoded at the
    start. All have the size of the first, or "image_size"; one of another size is an error, or with "resize" is
    brought to it (as the transform "resize" does). Where all decoded images would take more than a quarter of the
    machine's memory, or of what is left of it, each is decoded when a batch needs it.

    With "on_bad_row": "skip" a picture is left out that is damaged or not there, and a line of a list that is no row;
    every picture is then decoded once more at the start, to know. Pictures of another size and labels that are none
    of the known classes stay errors. Rows are then numbered as they are taken.
    """
}

extension ImageReader {
  static var imageFields: [Field<Self>] {
    [
      Field(
        "channels", \Self.images.channels,
        Bounds("1 or 3", schema: [.init("enum", [1, 3])]) { $0 == 1 || $0 == 3 },
        "1 for grey, 3 for RGB"),
      Field(
        "image_size", \Self.images.size, .imageSize,
        "the height and width of the images; those of the first where left out"),
      Field(
        "resize", \Self.images.isResizing,
        "whether images of another size are brought to it; else they are an error"),
      Field("labels", \Self.images.hasLabels, "whether the images have classes"),
      Field(
        "classes", \Self.images.classes, .distinct(),
        "the names of the classes in their order; from the training data where left out"),
      Field(
        "in_memory", \Self.images.isInMemory,
        "whether all images are decoded at the start; decided by their size where left out"),
      Field(
        "exif_rotation", \Self.images.turns,
        "whether a JPEG is turned as the orientation in its Exif data says"),
      Field("on_bad_row", \Self.images.onBadRow, BadRowPolicy.documentation),
      Field("image", \Self.images.image, "the name of the field of images"),
      Field("label", \Self.images.label, "the name of the field of labels"),
    ]
  }

  /// A picture, or all pictures in a folder and those within it; nil for a file of another kind.
  func pictures(in path: FilePath) throws -> FileRows? {
    let file = path.resolved
    if Directory.exists(file) {
      let names = try ImageFile.names(below: file)
      let items = names.map { EncodedImages.Item(name: "\(file)/\($0)", label: nil) }
      return try images.rows(of: EncodedImages(source: file, items), names: names)
    }
    guard ImageFile.isNamed(file) else { return nil }
    let picture = EncodedImages(source: file, [.init(name: file, label: nil)])
    return try images.rows(of: picture, names: [path.text])
  }

  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    fields == [images.image] ? try pictures(in: path) : nil
  }

  public var inputFiles: String? { "a PNG or JPEG file, or a folder of them" }

  public var contradiction: String? {
    images.image == images.label ? "\"image\" and \"label\" name the same field" : nil
  }

  public var isFitted: Bool { !images.hasLabels || images.classes != nil }

  public func fitted(to fields: [DataField]) -> Self {
    var fitted = self
    if images.hasLabels, images.classes == nil {
      fitted.images.classes = fields.first { $0.name == images.label }?.classNames
    }
    if images.size == nil, let field = fields.first(where: { $0.name == images.image }),
      field.shape.rank == 3
    {
      fitted.images.size = [field.shape[0], field.shape[1]]
    }
    return fitted
  }
}
