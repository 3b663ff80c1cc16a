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

  public func open() throws -> any Dataset {
    let file = path.resolved
    let folder = folder?.resolved ?? Directory.parent(of: file)
    var bad = images.badRows(in: file)
    let items = try LabelledList.read(file, folder: folder, hasLabels: images.hasLabels, &bad).map {
      EncodedImages.Item(name: $0.path, label: $0.label, line: $0.line)
    }
    return try images.open(EncodedImages(source: file, items), bad)
  }
}
