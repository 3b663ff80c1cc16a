import Foundation
import Testing

/// What is measured of the steps of a workload, as scripts read it.
@Suite(.serialized) struct BenchmarkTests {
  private struct Line: Decodable {
    let workload: String
    let params: Int
    let steps: Int
    let median: Double
    let peakRssMib: Double
    let plannedMib: Double
  }

  @Test(arguments: [("mlp", 535_818), ("convnet", 93_322), ("lenet5", 61_706)])
  func aProcessTakesTheMemoryThatWasPlanned(workload: String, parameters: Int) throws {
    let result = try Dlcli.run(
      Dlcli.binary("dlbench"),
      ["configs/bench/\(workload).json", "--threads", "2", "--seconds", "0.1"])
    #expect(result.status == 0, "\(result.stderr)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let line = try decoder.decode(Line.self, from: Data(result.stdout.utf8))
    #expect(line.workload == workload && line.params == parameters)
    #expect(line.steps > 3 && line.median > 0)
    #expect(abs(line.peakRssMib - line.plannedMib) < 0.1 * line.peakRssMib, "\(line)")
  }

  @Test func asManyStepsAsAskedForAreTaken() throws {
    let result = try Dlcli.run(
      Dlcli.binary("dlbench"), ["configs/bench/lenet5.json", "--steps", "2"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout == "{\"workload\": \"lenet5\", \"steps\": 2}\n")
  }
}
