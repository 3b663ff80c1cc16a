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

  private struct Scaling: Decodable {
    let workload: String
    let threads: Int
    let rounds: Int
    let timesAsFast: [Double]
    let independent: [Double]
    let undisturbedRounds: Int
    let undisturbed: [Double]?
  }

  @Test func threadsAreComparedWithOne() throws {
    let result = try Dlcli.run(
      Dlcli.binary("dlbench"), ["configs/bench/lenet5.json", "--scaling", "--seconds", "0.1"])
    #expect(result.status == 0, "\(result.stderr)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let line = try decoder.decode(Scaling.self, from: Data(result.stdout.utf8))
    #expect(line.workload == "lenet5" && line.threads == 2 && line.rounds >= 3)
    for quartiles in [line.timesAsFast, line.independent] {
      #expect(quartiles.count == 3 && quartiles == quartiles.sorted() && quartiles[0] > 0)
    }
    #expect((line.undisturbedRounds == 0) == (line.undisturbed == nil))
  }

  @Test func oneThreadIsNotComparedWithItself() throws {
    let result = try Dlcli.run(
      Dlcli.binary("dlbench"), ["configs/bench/lenet5.json", "--scaling", "--threads", "1"])
    #expect(result.status == 64)
    #expect(result.stderr.contains("--scaling compares at least 2 threads with one, got 1"))
  }

  @Test func asManyStepsAsAskedForAreTaken() throws {
    let result = try Dlcli.run(
      Dlcli.binary("dlbench"), ["configs/bench/lenet5.json", "--steps", "2"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout == "{\"workload\": \"lenet5\", \"steps\": 2}\n")
  }
}
