import Datasets
import Formats
import Foundation

extension RasterImage {
  /// A picture of one colour.
  static func plain(_ colour: [UInt8], height: Int = 2, width: Int = 3) -> RasterImage {
    RasterImage(
      height: height, width: width, channels: colour.count,
      pixels: (0..<height * width).flatMap { _ in colour })
  }
}

extension TemporaryDirectory {
  /// Writes a PNG file, and the folders it is in.
  func write(_ name: String, _ image: RasterImage) throws {
    try write(name, try PNGFile.encode(image), inFolders: true)
  }

  /// Writes a file, and the folders it is in where they are wanted.
  func write(_ name: String, _ bytes: [UInt8], inFolders: Bool) throws {
    if inFolders {
      let folder = URL(fileURLWithPath: "\(path)/\(name)").deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try write(name, bytes)
  }
}

/// The bytes of a tar archive.
func tar(_ files: [(name: String, contents: [UInt8])]) -> [UInt8] {
  func octal(_ number: Int, _ digits: Int) -> [UInt8] {
    let text = String(number, radix: 8)
    return Array((String(repeating: "0", count: digits - text.count) + text).utf8) + [0]
  }
  var bytes: [UInt8] = []
  for (name, contents) in files {
    var block = [UInt8](repeating: 0, count: 512)
    block.replaceSubrange(0..<name.utf8.count, with: name.utf8)
    block.replaceSubrange(124..<136, with: octal(contents.count, 11))
    block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
    block[156] = UInt8(ascii: "0")
    block.replaceSubrange(148..<155, with: octal(block.reduce(0) { $0 + Int($1) }, 6))
    bytes += block + contents
    bytes += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
  }
  return bytes + [UInt8](repeating: 0, count: 1024)
}

/// A grey JPEG file of 5 x 6 pixels that get lighter downwards and to the right; `orientation` is noted in Exif data
/// where it is not nil.
func jpeg(orientation: UInt8? = nil) -> [UInt8] {
  let plain = [UInt8](
    Data(
      base64Encoded: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU\
        FRUVDA8XGBYUGBIUFRT/wAALCAAFAAYBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF\
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW\
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi\
        4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AH/sr/C3Sf8AhGjx/wAsh/D7iv/Z
        """) ?? Data())
  guard let orientation else { return plain }
  let tiff: [UInt8] =
    Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  return Array(plain.prefix(2)) + [0xFF, 0xE1, 0, UInt8(tiff.count + 8)] + Array("Exif".utf8)
    + [0, 0] + tiff + plain.dropFirst(2)
}
