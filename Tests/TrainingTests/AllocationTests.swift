import CAllocationCounter
import Foundation
import Testing
import Training

/// The step of every workload that is measured, on few rows; the counter sees the whole process, so nothing else runs.
@Suite(.serialized) struct AllocationTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appending(path: "../../configs/bench").standardizedFileURL.path

  static let workloads =
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?
    .filter { $0.hasSuffix(".json") }.sorted() ?? []

  @Test func thereAreWorkloads() { #expect(Self.workloads.count >= 4) }

  @Test func theCounterCounts() {
    let before = allocation_count()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
    memory.deallocate()
    #expect(allocation_count() > before)
  }

  @Test(arguments: workloads)
  func aTrainingStepAllocatesNothing(workload: String) throws {
    let experiment = try Experiment.load("\(Self.folder)/\(workload)", environment: [:])
    let benchmark = try Benchmark(experiment, batch: 3, threads: 2)
    for _ in 0..<3 { try benchmark.step() }
    // Other tests may run beside this one: the least of several counts is the step's own. On a busy machine it takes many
    // steps until nobody else comes between.
    var least = Int.max
    for _ in 0..<200 where least > 0 {
      let before = allocation_count()
      try benchmark.step()
      least = min(least, allocation_count() - before)
    }
    #expect(least == 0)
  }
}
