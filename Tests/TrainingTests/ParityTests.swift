import Foundation
import Settings
import Testing
import Training

/// PyTorch, from the same weights on the same batches: `scripts/reference/make_training_references.py`.
@Suite struct ParityTests {
  @Test(arguments: ["convnet", "mlp", "lstm"])
  func theFirstTwentyLossesAreThoseOfPyTorch(name: String) throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let fixture = try JSONParser.parse(
      Array(Data(contentsOf: here.appending(path: "Fixtures/parity.json"))), file: "parity.json")
    var problems = Problems()
    let losses = try #require(fixture[name])
    let expected = try #require([Double].read(losses, at: name, &problems))
    let folder = try TemporaryFolder()
    try writeImages(to: folder)
    let text = try String(
      contentsOf: here.appending(path: "Parity/\(name).json"), encoding: .utf8)
    let record = Record()
    try makeTrainer(text, in: folder, threads: 2, observer: record).run()
    let values = record.steps.map { $0.losses[0].value }
    #expect(values.count == 20 && expected.count == 20)
    for (step, (loss, reference)) in zip(values, expected).enumerated() {
      #expect(abs(loss - reference) <= 1e-4 * reference, "step \(step): \(loss), not \(reference)")
    }
  }

  /// Stripes that tell the class under the noise of a hash, so that neither side has to store images.
  private func writeImages(to folder: TemporaryFolder) throws {
    let rows = 2560
    var images: [UInt8] = [0, 0, 8, 3, 0, 0, 10, 0, 0, 0, 0, 28, 0, 0, 0, 28]
    var labels: [UInt8] = [0, 0, 8, 1, 0, 0, 10, 0]
    for row in 0..<rows {
      let label = row % 10
      labels.append(UInt8(label))
      for y in 0..<28 {
        for x in 0..<28 {
          var noise = UInt32(row * 784 + y * 28 + x) &* 2_654_435_761
          noise ^= noise >> 15
          noise &*= 2_246_822_519
          noise ^= noise >> 13
          let stripes = (y * (label + 1) + x * 3) / 4 % 32
          images.append(UInt8(Int(noise % 128) + stripes * 4))
        }
      }
    }
    try Data(images).write(to: URL(fileURLWithPath: folder.path + "/images.idx"))
    try Data(labels).write(to: URL(fileURLWithPath: folder.path + "/labels.idx"))
  }
}
