import Foundation
import Testing

/// The same bits from any number of threads, and from a run that was stopped and went on.
@Suite(.serialized) struct ReproducibilityTests {
  private func arguments(_ folder: String, epochs: Int, threads: Int = 1) -> [String] {
    [
      "train", "configs/digits-convnet.json", "--output", folder, "--threads", "\(threads)",
      "--set", "training.epochs=\(epochs)", "--set", "training.checkpoint.every_steps=7",
    ]
  }

  private func last(_ folder: TemporaryFolder, _ run: String) throws -> Data {
    try Data(contentsOf: folder.url.appendingPathComponent("\(run)/checkpoints/last.safetensors"))
  }

  @Test("1, 2 and 4 threads write the same checkpoint") func threads() throws {
    let folder = try TemporaryFolder()
    for threads in [1, 2, 4] {
      let result = try Dlcli.run(arguments(folder.path("\(threads)"), epochs: 3, threads: threads))
      #expect(result.status == 0, "\(result.stderr)")
    }
    let one = try last(folder, "1")
    #expect(try last(folder, "2") == one)
    #expect(try last(folder, "4") == one)
  }

  @Test("Killed ten times and stopped once, a run ends in the same bits") func resumed() throws {
    let folder = try TemporaryFolder()
    let start = ContinuousClock.now
    let whole = try Dlcli.run(arguments(folder.path("whole"), epochs: 12))
    #expect(whole.status == 0, "\(whole.stderr)")
    let duration = (ContinuousClock.now - start) / Duration.seconds(1)
    let expected = try last(folder, "whole")

    // Moments spread by a linear congruential generator over most of a run, which
    // other tests may have slowed when its time was taken.
    var state: UInt64 = 20_240_607
    var landed = 0
    for moment in 0..<10 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let fraction = (Double(moment) + Double(state >> 40) / 16_777_216) / 10
      let run = folder.path("killed-\(moment)")
      let killed = try Dlcli.run(arguments(run, epochs: 12), kill: duration * 0.7 * fraction)
      #expect(killed.status == 0 || killed.status == SIGKILL, "\(killed.stderr)")
      landed += killed.status == SIGKILL ? 1 : 0
      let resumed = try Dlcli.run(arguments(run, epochs: 12) + ["--resume"])
      #expect(resumed.status == 0, "\(resumed.stderr)")
      #expect(try last(folder, "killed-\(moment)") == expected, "killed at \(fraction)")
    }
    #expect(landed >= 3, "only \(landed) kills came before the end of the run")

    let run = folder.path("stopped")
    let stopped = try Dlcli.run(
      arguments(run, epochs: 12), kill: 0, after: run + "/checkpoints/last.safetensors",
      signal: SIGTERM)
    #expect(stopped.status == 75, "\(stopped.stderr)")
    let resumed = try Dlcli.run(arguments(run, epochs: 12) + ["--resume"])
    #expect(resumed.status == 0, "\(resumed.stderr)")
    #expect(try last(folder, "stopped") == expected)
  }
}
