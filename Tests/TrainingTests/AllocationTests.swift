import CAllocationCounter
import Foundation
import Testing

@testable import Training

/// What training allocates once it is under way: nothing. The counter sees the whole process, so these tests want one of
/// their own, with every step counted: `DLCLI_ALONE=1 swift test -c release --filter AllocationTests`, as scripts/test does.
@Suite(
  .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["DLCLI_ALONE"] == "1",
    "counts a process's allocations: with DLCLI_ALONE=1 and no other tests"))
struct AllocationTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appending(path: "../..").standardizedFileURL
  private static let folder = root.appending(path: "configs/bench").path

  static let workloads =
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?
    .filter { $0.hasSuffix(".json") }.sorted() ?? []

  /// Steps before the first that is counted: the first ones look kernels up and grow what is used again.
  private static let first = 10

  @Test func thereAreWorkloads() { #expect(Self.workloads.count >= 4) }

  @Test func theCounterCounts() {
    let before = allocation_count()
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
    memory.deallocate()
    #expect(allocation_count() > before)
  }

  /// The step of every workload that is measured, on few rows.
  @Test(arguments: workloads) func aStepAllocatesNothing(workload: String) throws {
    let experiment = try Experiment.load("\(Self.folder)/\(workload)", environment: [:])
    let benchmark = try Benchmark(experiment, batch: 3, threads: 2)
    for _ in 0..<Self.first { try benchmark.step() }
    let before = allocation_count()
    for _ in 0..<10 { try benchmark.step() }
    #expect(allocation_count() == before)
  }

  /// What lies around a step too: the batch before it, the sums of losses and what is told behind it.
  @Test func trainingAllocatesNothingFromStepToStep() throws {
    let experiment = try Experiment.load(
      Self.root.appending(path: "configs/digits-convnet.json").path,
      overrides: ["training.epochs=1"], environment: [:])
    let data = try #require(experiment.data)
    let counts = AllocationCounts()
    let trainer = try Trainer(
      experiment, data: data.open([.train], seed: experiment.seed), folder: nil, threads: 2,
      observer: counts)
    try trainer.run()
    #expect(counts.steps > Self.first + 20)
    // The counts between the ends of two steps; from the last one on the epoch is reported.
    let later = counts.between.prefix(counts.steps - 1).dropFirst(Self.first)
    #expect(later.allSatisfy { $0 == 0 }, "\(Array(later))")
  }
}

/// Counts what is allocated between the ends of one step and the next, in memory that is reserved before.
private final class AllocationCounts: TrainingObserver {
  private(set) var steps = 0
  private(set) var between = [Int](repeating: 0, count: 1_000)
  private var last = 0

  func stepEnded(_ step: StepFacts) {
    let count = allocation_count()
    between[steps] = count - last
    last = count
    steps += 1
  }

  func stageBegan(_ stage: StageFacts) {}
  func epochEnded(_ facts: ResultFacts) {}
  func evaluated(_ facts: ResultFacts) {}
  func note(_ message: String) {}
}
