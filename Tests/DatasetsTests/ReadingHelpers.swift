import Datasets
import Formats
import Foundation
import Settings
import Testing

/// The reader that a config in `directory` describes.
func reader(_ text: String, in directory: TemporaryDirectory) throws -> any Reader {
  let json = try JSONParser.parse(Array(text.utf8), file: directory.path + "/config.json")
  var problems = Problems()
  let reader = readerRegistry.read(json, at: "data.train", &problems)
  try problems.throwIfAny()
  return try #require(reader)
}

/// The spec that a config in `directory` describes.
func spec(_ text: String, in directory: TemporaryDirectory) throws -> DataSpec {
  let json = try JSONParser.parse(Array(text.utf8), file: directory.path + "/config.json")
  var problems = Problems()
  let spec = DataSpec.read(json, at: "data", &problems)
  try problems.throwIfAny()
  return try #require(spec)
}

/// What opening says is wrong, without the directory of the test.
func complaint(_ directory: TemporaryDirectory, _ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing"
  } catch {
    return "\(error)".replacingOccurrences(of: directory.path + "/", with: "")
  }
}

extension Reader {
  /// Rows of a file of a test that no configuration names.
  func rows(
    _ name: String, in directory: TemporaryDirectory, of fields: Set<String>,
    suits: ([DataField]) -> Bool = { _ in true }
  ) throws -> FileRows? {
    try rows(in: FilePath(directory.path + "/" + name), of: fields, suits: suits)
  }
}

/// `count` images of 2x3 bytes and labels 0, 1, 2, 0, ... as the files `x.idx` and `y.idx`.
func writeDigits(
  _ directory: TemporaryDirectory, count: Int = 10, labels: [UInt8]? = nil, prefix: String = ""
) throws {
  let images = IDXFile(
    dimensions: [count, 2, 3], values: .bytes((0..<count * 6).map { UInt8($0 % 256) }))
  let labels = labels ?? (0..<count).map { UInt8($0 % 3) }
  try directory.write(prefix + "x.idx", images.encoded)
  try directory.write(
    prefix + "y.idx", IDXFile(dimensions: [labels.count], values: .bytes(labels)).encoded)
}
