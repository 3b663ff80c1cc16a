import Formats

/// Pictures that are not decoded yet.
struct EncodedImages: Sendable {
  /// One picture, and where it is listed.
  struct Item: Sendable {
    /// The path of its file, or within its archive.
    let name: String
    /// The name of its class; nil where it has none.
    let label: String?
    /// The line of the list that names it.
    var line: Int?
    /// Where in the archive it is.
    var entry: TarArchive.Entry?
  }

  /// The folder, the list or the archive.
  let source: String
  private(set) var items: [Item]
  /// Where the pictures are, unless they are files.
  let archive: TarArchive?
  /// Whether pictures are turned as their orientation says.
  var turns = true

  init(source: String, _ items: [Item], archive: TarArchive? = nil) {
    self.source = source
    self.items = items
    self.archive = archive
  }

  /// Keeps some of the pictures alone, in this order.
  mutating func keep(_ indices: [Int]) { items = indices.map { items[$0] } }

  /// How errors name a picture.
  func name(of index: Int) -> String {
    archive == nil ? items[index].name : "\(source): \(items[index].name)"
  }

  /// A picture with the number of channels asked for; `seen` is shown its bytes before.
  ///
  /// Throws: `FormatError` with the picture, or with the line that lists it, where it cannot be read or is damaged.
  func decode(
    _ index: Int, channels: Int, seen: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) throws(FormatError) -> RasterImage {
    let (item, name) = (items[index], name(of: index))
    func decode(_ bytes: UnsafeRawBufferPointer) throws(FormatError) -> RasterImage {
      seen(bytes)
      return try ImageFile.decode(bytes, file: name, channels: channels, turns: turns)
    }
    if let archive, let entry = item.entry { return try archive.withContents(entry, decode) }
    do throws(FormatError) {
      let bytes = try FileBytes.read(item.name)
      return try bytes.withUnsafeBufferPointer { bytes throws(FormatError) in
        try decode(UnsafeRawBufferPointer(bytes))
      }
    } catch {
      guard let line = item.line else { throw error }
      throw FormatError(error.kind, file: source, at: .line(line), error.description)
    }
  }
}
