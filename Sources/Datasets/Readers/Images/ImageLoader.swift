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
    return image.resized(height: height, width: width).pixels
  }

  /// All pictures, one behind the other, what tells these files from others (the names and contents of all), and how
  /// many pictures have an orientation.
  func decodeAll() throws(FormatError) -> (pixels: [UInt8], file: SourceFile, turned: Int) {
    var pixels: [UInt8] = []
    var turned = 0
    var hash = SHA256()
    var size = 0
    for index in images.items.indices {
      pixels += try self.pixels(of: index) { bytes in
        hash.update(images.items[index].name.utf8)
        hash.update(bytes)
        size += bytes.count
        if ImageFile.orientation(of: bytes) != .upright { turned += 1 }
      }
      // Only when the first was decoded is it known that the files hold what they should.
      if index == 0 { pixels.reserveCapacity(shape.count * images.items.count) }
    }
    let file = SourceFile(path: images.source, size: size, sha256: hash.hexadecimal())
    return (pixels, file, turned)
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
