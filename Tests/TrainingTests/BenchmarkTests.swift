import Foundation
import Settings
import Testing

@testable import Training

/// The configurations of configs/bench: what they train, and that they do.
@Suite struct BenchmarkTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "configs/bench")

  /// How many parameters each trains, and the multiply-adds of a row; an LSTM has one bias here.
  private static let workloads: [(name: String, parameters: Int, multiplyAdds: Int)] = [
    ("bert-mini", 11_267_900, 585_977_856), ("convnet", 93_322, 2_794_240),
    ("dcgan28", 898_242, 27_138_944), ("gpt-char", 804_096, 55_058_432),
    ("gpt-mid", 10_745_088, 3_026_288_640),
    ("gru-char", 716_225, 90_210_304), ("lenet5", 61_706, 416_520),
    ("lstm-char", 944_577, 119_570_432), ("lstm-cls", 2_691_713, 10_485_888),
    ("mlp", 535_818, 535_040), ("mlp-b1", 535_818, 535_040),
    ("resnet20", 272_474, 40_813_184), ("transformer-mt", 11_682_624, 246_415_360),
    ("unet-small", 117_092, 100_597_760), ("vae", 652_824, 651_200),
    ("vit-tiny-mnist", 305_034, 5_286_272), ("yolo-tiny", 399_272, 129_177_600),
  ]

  @Test(arguments: workloads.indices) func trainsWhatItSays(_ index: Int) throws {
    let workload = Self.workloads[index]
    let path = Self.folder.appending(path: "\(workload.name).json").path
    let experiment = try Experiment.load(path, environment: [:])
    let benchmark = try Benchmark(experiment, batch: 2, threads: 1)
    #expect(benchmark.parameterCount == workload.parameters)
    #expect(benchmark.plan.multiplyAdds == 2 * workload.multiplyAdds)
    for _ in 0..<2 { #expect(try benchmark.step().isFinite) }
    let tables = try benchmark.layers(steps: 1)
    #expect(tables.count == benchmark.plan.phases.count)
    #expect(tables.allSatisfy { $0.rows.count > 3 })
  }

  /// Of rounds in which one training took 12 ms: a good one, one whose machine was slower behind the threads' turn than before,
  /// one in which independent trainings disturbed each other, and a good one.
  @Test func undisturbedRoundsAreToldApart() {
    func round(_ aloneAgain: Double, together: Double, apart: Double) -> ScalingBenchmark.Round {
      .init(alone: 12, aloneAgain: aloneAgain, together: together, apart: apart)
    }
    let result = ScalingBenchmark.Result(
      [
        round(12.1, together: 6.4, apart: 6.1), round(15, together: 7, apart: 7.5),
        round(12, together: 8, apart: 7), round(11.9, together: 6, apart: 6),
      ], threads: 2)
    #expect(result.rounds == 4 && result.undisturbedRounds == 2)
    #expect(result.undisturbed?.lower == 12 / 6.4 && result.undisturbed?.upper == 2)
    #expect(result.threads.lower == 12 / 7.0 && result.threads.upper == 12 / 6.4)
    #expect(result.independent.upper == 12.1 / 6.1)
    let disturbed = ScalingBenchmark.Result(
      [round(12, together: 8, apart: 9)], threads: 2)
    #expect(disturbed.undisturbedRounds == 0 && disturbed.undisturbed == nil)
  }
}
