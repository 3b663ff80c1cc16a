import Formats
import Glibc
import Settings
import TensorCore

extension ImageSettings {
  /// The pictures as a dataset.
  ///
  /// Throws: `FormatError` for a picture that is damaged or of another size, or whose class is not known.
  func open(_ images: EncodedImages) throws -> any Dataset {
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
    let fits = !bytes.overflow && bytes.partialValue <= Machine.memory / 4
    guard isInMemory ?? fits else {
      return LazyImages(loader, field, columns, [try loader.listedFile()])
    }
    let (pixels, file) = try loader.decodeAll()
    return MemoryDataset(
      count: images.items.count, [(field, .bytes(pixels))] + columns, files: [file])
  }

  /// Pictures that no configuration names, as a dataset without classes.
  ///
  /// Throws: `FormatError` for a picture that is damaged or of another size than the first, or than all are brought to.
  func rows(of images: EncodedImages, names: [String]) throws -> FileRows {
    var settings = self
    settings.hasLabels = false
    // Where the reader brings none to its size, a transform may.
    if !isResizing { settings.size = nil }
    return FileRows(try settings.open(images), names: names)
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
