import Foundation
import Testing

@Suite struct HelpTests {
  @Test(
    "The help of a command is the one on record",
    arguments: ["predict", "encode", "reconstruct", "generate", "score", "pca"])
  func help(_ command: String) throws {
    let result = try Dlcli.run([command, "--help"])
    #expect(result.status == 0 && result.stderr.isEmpty)
    // How many threads work by default is the machine's affair.
    let processors = ProcessInfo.processInfo.activeProcessorCount
    try expectSnapshot(
      result.stdout.replacingOccurrences(of: "(default: \(processors))", with: "(default: N)"),
      "help-\(command).txt")
  }
}
