import Formats
import Glibc
import Settings
import TensorCore

/// Pictures that a folder, a list or an archive names.
struct FoundImages {
  var images: EncodedImages
  /// The rows that were bad already where the pictures are listed.
  var bad: BadRows
  /// What people should know of the source beside that.
  var notes: [String] = []
}

extension ImageSettings {
  /// Bad rows of a folder, a list or an archive, of which none was met yet.
  func badRows(in source: String) -> BadRows { BadRows(onBadRow, in: source) }

  /// The pictures as a dataset, but for those that are bad and left out.
  ///
  /// Throws: `FormatError` for a picture that is damaged or of another size, or whose class is not known.
  func open(_ found: FoundImages) throws -> any Dataset {
    var (images, bad) = (found.images, found.bad)
    images.turns = turns
    let all = images
    let whole = try bad.sound(among: all.items.count) { index throws(FormatError) in
      _ = try all.decode(index, channels: channels)
    }
    if let whole { images.keep(whole) }
    try bad.check(taken: images.items.count)
    let notes = found.notes + bad.notes(taken: images.items.count)
    guard !images.items.isEmpty else {
      throw FormatError(
        .badData, file: images.source,
        "expected pictures (\(ImageFile.endings.joined(separator: ", "))), got none")
    }
    let labels = hasLabels ? try labels(of: images) : nil
    let first = try images.decode(0, channels: channels)
    let loader = ImageLoader(
      images: images, channels: channels, isResizing: isResizing,
      height: size?[0] ?? first.height, width: size?[1] ?? first.width)
    let field = DataField(image, loader.shape)
    let columns = labels.map { [$0.column(label, classNames: classes ?? $0.names)] } ?? []
    let bytes = field.shape.count.multipliedReportingOverflow(by: images.items.count)
    let needed = bytes.overflow ? Int.max : bytes.partialValue
    let available = AvailableMemory.current
    let fits = needed <= min(Machine.memory, available?.bytes ?? .max) / 4
    if isInMemory == true, let available, needed > available.bytes {
      throw FormatError(
        .inputOutput, file: images.source,
        "\"in_memory\": the decoded images have \(ByteCount(needed)); \(ByteCount(available.bytes)) of memory are left "
          + available.bound.rawValue)
    }
    guard isInMemory ?? fits else {
      return LazyImages(loader, field, columns, [try loader.listedFile()], notes: notes)
    }
    let (pixels, file, turned) = try loader.decodeAll()
    return MemoryDataset(
      count: images.items.count, [(field, .bytes(pixels))] + columns, files: [file],
      notes: notes + note(turned, of: images))
  }

  /// What people should know of so many pictures that have an orientation.
  private func note(_ turned: Int, of images: EncodedImages) -> [String] {
    guard turned > 0 else { return [] }
    let pictures = "\(images.source): \(turned) of \(images.items.count) pictures "
    return [
      turns
        ? pictures
          + "are turned as their Exif orientation says; \"exif_rotation\": false reads them as they are stored"
        : pictures + "have an Exif orientation that is not followed, as \"exif_rotation\" says"
    ]
  }

  /// Pictures that no configuration names, as a dataset without classes.
  ///
  /// Throws: `FormatError` for a picture that is damaged or of another size than the first, or than all are brought to.
  func rows(of images: EncodedImages, names: [String]) throws -> FileRows {
    var settings = self
    settings.hasLabels = false
    // Who hands over rows wants an answer for each.
    settings.onBadRow = .error
    // Where the reader brings none to its size, a transform may.
    if !isResizing { settings.size = nil }
    let found = FoundImages(images: images, bad: settings.badRows(in: images.source))
    return FileRows(try settings.open(found), names: names)
  }

  /// The classes of the pictures.
  private func labels(of images: EncodedImages) throws(FormatError) -> NamedLabels {
    let texts = images.items.map { $0.label ?? "" }
    return try NamedLabels(texts, known: classes) { index, message in
      let line = images.items[index].line
      return FormatError(
        .badData, file: line == nil ? images.name(of: index) : images.source,
        at: line.map(FormatError.Place.line), message)
    }
  }
}

/// What is asked of the machine.
private enum Machine {
  /// Bytes of memory it has.
  static let memory = max(1, sysconf(CInt(_SC_PHYS_PAGES))) * max(1, sysconf(CInt(_SC_PAGESIZE)))
}
