import Foundation
import Testing

@Suite struct WrongConfigTests {
  /// Runs the wrong configuration beside good data.
  private func train(_ wrong: WrongConfig) throws -> (status: Int32, message: String) {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    try wrong.make(folder)
    let result = try Dlcli.run([
      "train", folder.path("run.json"), "--output", folder.path("out"), "--threads", "1",
    ])
    return (result.status, result.stderr.replacingOccurrences(of: folder.path, with: "DIR"))
  }

  @Test("The configuration that the wrong ones come from is right") func good() throws {
    let (status, message) = try train(
      WrongConfig("good") { try $0.write("run.json", WrongConfig.good) })
    #expect(status == 0, "\(message)")
  }

  @Test("What is wrong is said, with its place, in the words on record") func messages() throws {
    var text = ""
    for wrong in WrongConfig.all {
      let (status, message) = try train(wrong)
      #expect([65, 66, 78].contains(status), "\(wrong.name): \(status) \(message)")
      #expect(message.contains("DIR"), "\(wrong.name): \(message)")
      text += "# \(wrong.name): exit \(status)\n\(message)\n"
    }
    try expectSnapshot(text, "wrong-configs.txt")
  }
}
