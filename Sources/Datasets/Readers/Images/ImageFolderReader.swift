import Formats
public import Settings

/// Pictures in folders, one for each class
public struct ImageFolderReader: ImageReader {
  public var path = FilePath("")
  var images = ImageSettings()

  public init() {}

  public static let type = "image_folder"
  public static let manual = """
    Pictures in the folders of their classes: PATH/CLASS/.../NAME.png.

    Where every folder's name is a whole number from 0 the number is the class, else the classes are the names in the
    order of their bytes, as the training data have them; folders 1, 2 and 3 are of four classes, of which 0 has no
    picture. The rows are in the order of the paths. Names that begin with a dot, the folder __MACOSX and files of
    other formats are left out, and a note counts them. With "labels": false all pictures in the folder and those
    within it are read, without classes.

    \(ImageSettings.manual)
    """
  public static let fields: [Field<ImageFolderReader>] =
    [Field("path", \.path, required: true, "the folder of the classes' folders").example("train")]
    + imageFields

  public var paths: [FilePath] { [path] }

  public func anchored() -> ImageFolderReader {
    var anchored = self
    anchored.path = path.anchored
    return anchored
  }

  public func open() throws -> any Dataset {
    let folder = path.resolved
    var items: [EncodedImages.Item] = []
    var others = LeftOutFiles()
    for name in try Directory.files(below: folder, hidden: { others.add($0) }) {
      guard ImageFile.isNamed(name) else {
        others.add(name)
        continue
      }
      let file = "\(folder)/\(name)"
      items.append(
        .init(name: file, label: images.hasLabels ? try className(of: name, file: file) : nil))
    }
    return try images.open(
      FoundImages(
        images: EncodedImages(source: folder, items), bad: images.badRows(in: folder),
        notes: others.notes(of: folder)))
  }
}

/// The first folder of a path.
///
/// Throws: `FormatError` for a picture that is in none.
func className(of path: String, file: String) throws(FormatError) -> String {
  let parts = path.split(separator: "/")
  guard parts.count > 1 else {
    throw FormatError(
      .badData, file: file,
      "expected pictures in the folders of their classes, got one beside them; "
        + "\"labels\": false reads them without classes")
  }
  return String(parts[0])
}
