import Formats
public import Settings

/// Pictures that a text file lists
public struct ImageListReader: ImageReader {
  public var path = FilePath("")
  public var folder: FilePath?
  var images = ImageSettings()

  public init() {}

  public static let type = "image_list"
  public static let manual = """
    Pictures that a text file lists, a line each: PATH LABEL.

    The label stands behind the last space or tab of a line. Where every label is a whole number from 0 the number is the
    class, else the different texts are the classes in the order of their bytes, as the training data have them. With
    "labels": false a line is a path alone. Empty lines are left out.

    \(ImageSettings.manual)
    """
  public static let fields: [Field<ImageListReader>] =
    [
      Field("path", \.path, required: true, "the text file").example("train.txt"),
      Field(
        "folder", \.folder, "the folder that paths are relative to; that of the list where left out"
      ),
    ] + imageFields

  public var paths: [FilePath] { [path] + [folder].compactMap(\.self) }

  public func anchored() -> ImageListReader {
    var anchored = self
    anchored.path = path.anchored
    anchored.folder = folder?.anchored
    return anchored
  }

  /// A list ends in .txt, or as this one does; its lines may have labels, or not.
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    guard fields == [images.image] else { return nil }
    if let found = try pictures(in: path) { return found }
    guard let ending = path.ending, ending == ".txt" || ending == self.path.ending else {
      return nil
    }
    var reader = self
    reader.path = path
    // Who hands over rows wants an answer for each.
    reader.images.onBadRow = .error
    let listed = try reader.pictures(.optional).images
    return try images.rows(of: listed, names: listed.items.map(\.name))
  }

  public var inputFiles: String? {
    "a PNG or JPEG file, a folder of them, or a file that lists them (.txt)"
  }

  public func open() throws -> any Dataset {
    try images.open(pictures(images.hasLabels ? .required : .absent))
  }

  private func pictures(_ labels: LabelledList.Labels) throws(FormatError) -> FoundImages {
    let file = path.resolved
    let folder = folder?.resolved ?? Directory.parent(of: file)
    var bad = images.badRows(in: file)
    let items = try LabelledList.read(file, folder: folder, labels, &bad).map {
      EncodedImages.Item(name: $0.path, label: $0.label, line: $0.line)
    }
    return FoundImages(images: EncodedImages(source: file, items), bad: bad)
  }
}
