import Testing

@testable import Formats

/// The digits in `data/digits` are what their SOURCE.md says.
@Suite struct DigitsDataTests {
  /// The folder, found from this file's own place in the repository.
  let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false)
    .dropLast(3).joined(separator: "/") + "/data/digits"

  @Test(arguments: [
    ("train", 1442, [143, 146, 142, 147, 145, 146, 145, 144, 140, 144]),
    ("test", 355, [35, 36, 35, 36, 36, 36, 36, 35, 34, 36]),
  ])
  func imagesAndLabels(split: String, count: Int, classes: [Int]) throws {
    let images = try IDXFile(reading: "\(folder)/digits-\(split)-images-idx3-ubyte.gz")
    let labels = try IDXFile(reading: "\(folder)/digits-\(split)-labels-idx1-ubyte.gz")
    #expect(images.dimensions == [count, 8, 8])
    #expect(labels.dimensions == [count])
    guard case .bytes(let pixels) = images.values, case .bytes(let digits) = labels.values else {
      Issue.record("expected bytes")
      return
    }
    #expect(pixels.min() == 0)
    #expect(pixels.max() == 16)
    #expect((0..<10).map { digit in digits.count { $0 == digit } } == classes)
  }

  @Test func theDocumentedHashesAreThoseOfTheFiles() throws {
    let text = String(decoding: try FileBytes.read("\(folder)/SOURCE.md"), as: UTF8.self)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| digits-") }
      .map { $0.split(separator: " ").filter { $0 != "|" }.map(String.init) }
    #expect(rows.count == 4)
    for row in rows {
      let contents = try Gzip.read("\(folder)/\(row[0])")
      #expect(SHA256.hexadecimal(of: contents) == row[3], "\(row[0])")
      #expect(row[2].filter(\.isNumber) == "\(contents.count)")
    }
  }
}
