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
    var items: [EncodedImages.Item] = []
    try TextLines(Gzip.read(file), file: file).read { number, line throws(FormatError) in
      var name = line
      var label: String?
      if images.hasLabels {
        guard let space = line.lastIndex(where: { $0 == " " || $0 == "\t" }) else {
          throw FormatError(
            .badData, file: file, at: .line(number),
            "expected a path and a label, got \"\(line.prefix(80))\"; "
              + "\"labels\": false reads paths alone")
        }
        label = String(line[line.index(after: space)...])
        name = line[..<space]
        while let last = name.last, last == " " || last == "\t" { name.removeLast() }
      }
      let path = name.hasPrefix("/") ? String(name) : "\(folder)/\(name)"
      items.append(.init(name: path, label: label, line: number))
    }
    return try images.open(EncodedImages(source: file, items))
  }
}
