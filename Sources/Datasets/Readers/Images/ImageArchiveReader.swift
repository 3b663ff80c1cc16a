import Formats
public import Settings

/// Pictures in a tar archive
public struct ImageArchiveReader: ImageReader {
  public var path = FilePath("")
  public var folder: String?
  var images = ImageSettings()

  public init() {}

  public static let type = "image_archive"
  public static let manual = """
    Pictures in a tar archive, gzipped or not, in the folders of their classes: FOLDER/CLASS/.../NAME.png.

    Nothing is unpacked to the disk. Where every folder's name is a whole number from 0 the number is the class, else
    the classes are the names in the order of their bytes, as the training data have them. The rows are in the order
    of the paths. Names that begin with a dot, the folder __MACOSX and files of other formats are left out, and a note
    counts them. With "labels": false all pictures are read, without classes.

    \(ImageSettings.manual)
    """
  public static let fields: [Field<ImageArchiveReader>] =
    [
      Field("path", \.path, required: true, "the archive").example("images.tar.gz"),
      Field(
        "folder", \.folder, "the folder in the archive to read; the whole archive where left out"),
    ] + imageFields

  public var paths: [FilePath] { [path] }

  public func anchored() -> ImageArchiveReader {
    var anchored = self
    anchored.path = path.anchored
    return anchored
  }

  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    guard fields == [images.image] else { return nil }
    guard [".tar", ".tgz"].contains(path.ending) else { return try pictures(in: path) }
    var reader = self
    (reader.path, reader.folder, reader.images.hasLabels) = (path, nil, false)
    let found = try reader.pictures().images
    return try images.rows(of: found, names: found.items.map(\.name))
  }

  public var inputFiles: String? { "a PNG or JPEG file, a folder of them, or a tar archive" }

  public func open() throws -> any Dataset { try images.open(pictures()) }

  /// The pictures of the archive, in the order of their paths.
  private func pictures() throws(FormatError) -> FoundImages {
    let file = path.resolved
    let archive = try TarArchive(reading: file)
    var items: [EncodedImages.Item] = []
    let folder = (folder ?? "").split(separator: "/").map { $0 + "/" }.joined()
    var others = LeftOutFiles()
    for entry in archive.entries where entry.name.hasPrefix(folder) {
      guard ImageFile.isNamed(entry.name),
        !entry.name.split(separator: "/").contains(where: Directory.isLeftOut)
      else {
        others.add(entry.name)
        continue
      }
      let name = String(entry.name.dropFirst(folder.count))
      let label = images.hasLabels ? try className(of: name, file: "\(file): \(entry.name)") : nil
      items.append(.init(name: entry.name, label: label, entry: entry))
    }
    guard !items.isEmpty || folder.isEmpty else {
      let folders = Set(
        archive.entries.compactMap { $0.name.split(separator: "/").dropLast().first })
      throw FormatError(
        .badData, file: file,
        "no pictures in the folder \"\(folder.dropLast())\""
          + suggestion(for: String(folder.dropLast()), among: folders.map(String.init).sorted()))
    }
    items.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return FoundImages(
      images: EncodedImages(source: file, items, archive: archive), bad: images.badRows(in: file),
      notes: others.notes(of: file))
  }
}
