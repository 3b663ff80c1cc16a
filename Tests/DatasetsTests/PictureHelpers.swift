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
