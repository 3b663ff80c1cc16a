import Formats
import TensorCore

/// Decodes pictures to one size.
struct ImageLoader: Sendable {
  let images: EncodedImages
  let channels: Int
  let isResizing: Bool
  let height: Int
  let width: Int

  var shape: Shape { [height, width, channels] }

  /// The bytes of a picture; `seen` is shown the file's before.
  ///
  /// Throws: `FormatError` for one that is damaged, or that has another size where none is resized.
  func pixels(
    of index: Int, seen: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) throws(FormatError) -> [UInt8] {
    let image = try images.decode(index, channels: channels, seen: seen)
    if image.height == height, image.width == width { return image.pixels }
    guard isResizing else {
      throw FormatError(
        .badData, file: images.name(of: index),
        "expected \(height) x \(width) pixels, as \"image_size\" or the first image says, got "
          + "\(image.height) x \(image.width); \"resize\": true brings all to one size")
    }
    return resized(image)
  }

  private func resized(_ image: RasterImage) -> [UInt8] {
    let resampling = Resampling(
      from: (image.height, image.width), to: (height, width), channels: channels)
    let count = max(image.pixels.count, shape.count)
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
      guard let base = values.baseAddress else { return [] }
      for (index, pixel) in image.pixels.enumerated() { base[index] = Float(pixel) }
      resampling.apply(base)
      // Weighted means of bytes are never beyond them but for their rounding.
      return (0..<shape.count).map { UInt8(min(max(base[$0].rounded(), 0), 255)) }
    }
  }

  /// All pictures, one behind the other, and what tells these files from others: the names and contents of all.
  func decodeAll() throws(FormatError) -> (pixels: [UInt8], file: SourceFile) {
    var pixels: [UInt8] = []
    var hash = SHA256()
    var size = 0
    for index in images.items.indices {
      pixels += try self.pixels(of: index) { bytes in
        hash.update(images.items[index].name.utf8)
        hash.update(bytes)
        size += bytes.count
      }
      // Only when the first was decoded is it known that the files hold what they should.
      if index == 0 { pixels.reserveCapacity(shape.count * images.items.count) }
    }
    return (pixels, SourceFile(path: images.source, size: size, sha256: hash.hexadecimal()))
  }

  /// What tells these files from others where not all are read: their names and sizes.
  func listedFile() throws(FormatError) -> SourceFile {
    var hash = SHA256()
    var total = 0
    for item in images.items {
      var size = item.entry?.range.count ?? 0
      if item.entry == nil { size = try InputFile(item.name).size ?? 0 }
      hash.update("\(item.name) \(size)\n".utf8)
      total += size
    }
    return SourceFile(path: images.source, size: total, sha256: hash.hexadecimal())
  }
}
