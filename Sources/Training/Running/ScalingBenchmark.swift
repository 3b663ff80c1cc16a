public import Settings
import TensorCore

/// Times how much faster a training step is with several threads than with one, beside what the machine allows: as many
/// independent trainings at once, each with one thread, which share nothing but the machine.
///
/// A machine that others use is faster in some seconds than in others, and may lend two processors that are one. So
/// the sides take turns of some hundredths of a second, and only neighbours in time are compared.
public final class ScalingBenchmark {
  /// Seconds that a training step takes in one round, each side in its turn.
  struct Round {
    /// With one thread, before the others' turns and between them.
    let alone: Double
    let aloneAgain: Double
    /// With all threads.
    let together: Double
    /// Of as many independent trainings as threads: seconds for a step of any of them.
    let apart: Double
  }

  public struct Result: Sendable {
    /// A quarter, half and three quarters of the rounds are below.
    public struct Quartiles: Sendable {
      public let lower: Double
      public let median: Double
      public let upper: Double

      /// - Parameter values: at least one.
      init(_ values: [Double]) {
        let sorted = values.sorted()
        func quantile(_ share: Double) -> Double {
          sorted[Int((share * Double(sorted.count - 1)).rounded())]
        }
        (lower, median, upper) = (quantile(0.25), quantile(0.5), quantile(0.75))
      }
    }

    public let rounds: Int
    /// Seconds a step with one thread, and with all.
    public let alone: Quartiles
    public let together: Quartiles
    /// How many times as fast as one thread all are, and independent trainings.
    public let threads: Quartiles
    public let independent: Quartiles
    /// The rounds in which the machine disturbed nobody: independent trainings were each as fast as one alone, and one alone
    /// as fast before the others' turns as between them, within `tolerance`.
    public let undisturbedRounds: Int
    /// How many times as fast as one thread all are in those; nil where there are none.
    public let undisturbed: Quartiles?

    public static let tolerance = 0.025

    init(_ rounds: [Round], threads count: Int) {
      self.rounds = rounds.count
      alone = Quartiles(rounds.map(\.alone))
      together = Quartiles(rounds.map(\.together))
      threads = Quartiles(rounds.map { $0.alone / $0.together })
      independent = Quartiles(rounds.map { $0.aloneAgain / $0.apart })
      // What chooses a round is not in its ratio but for `alone`, which may be off either way.
      let chosen = rounds.filter {
        abs($0.alone / $0.aloneAgain - 1) <= Self.tolerance
          && abs($0.aloneAgain / $0.apart / Double(count) - 1) <= Self.tolerance
      }
      undisturbedRounds = chosen.count
      undisturbed = chosen.isEmpty ? nil : Quartiles(chosen.map { $0.alone / $0.together })
    }
  }

  /// Seconds of a turn, or one step where that takes longer.
  private static let turn = 0.04

  private let threads: Int
  private let together: Benchmark
  /// One for each thread.
  private let apart: [Benchmark]
  private let pool: WorkerPool
  /// What the last turn of each of `apart` took.
  private var turns: [Turn]

  private struct Turn {
    var seconds = 0.0
    var steps = 0
    var error: (any Error)?
  }

  /// - Parameter threads: at least 2.
  public init(_ experiment: Experiment, batch: Int? = nil, threads: Int) throws(Problems) {
    self.threads = threads
    together = try Benchmark(experiment, batch: batch, threads: threads)
    var apart: [Benchmark] = []
    for _ in 0..<threads {
      apart.append(try Benchmark(experiment, batch: batch, threads: 1))
    }
    self.apart = apart
    pool = WorkerPool(threads: threads)
    turns = Array(repeating: Turn(), count: threads)
  }

  /// Rounds for about `seconds`, at least three.
  ///
  /// Throws: what a training step throws.
  public func run(seconds: Double) throws -> Result {
    for benchmark in [together] + apart {
      for _ in 0..<3 { try benchmark.step() }
    }
    var rounds: [Round] = []
    let start = ContinuousClock.now
    while rounds.count < 3 || (ContinuousClock.now - start) / .seconds(1) < seconds {
      let alone = try Self.turn(of: apart[0])
      let together = try Self.turn(of: together)
      let aloneAgain = try Self.turn(of: apart[0])
      rounds.append(
        Round(
          alone: alone.seconds / Double(alone.steps),
          aloneAgain: aloneAgain.seconds / Double(aloneAgain.steps),
          together: together.seconds / Double(together.steps), apart: try turnOfAll()))
    }
    return Result(rounds, threads: threads)
  }

  /// Steps of one training, after one that brings its memory into the caches.
  private static func turn(of benchmark: Benchmark) throws -> Turn {
    try benchmark.step()
    var turn = Turn()
    let start = ContinuousClock.now
    repeat {
      try benchmark.step()
      turn.steps += 1
      turn.seconds = (ContinuousClock.now - start) / .seconds(1)
    } while turn.seconds < Self.turn
    return turn
  }

  /// Seconds for a step of any of the independent trainings, while all take their turn at once.
  private func turnOfAll() throws -> Double {
    turns.withUnsafeMutableBufferPointer { turns in
      nonisolated(unsafe) let turns = turns
      pool.run(chunks: threads) { number in
        do {
          turns[number] = try Self.turn(of: apart[number])
        } catch {
          turns[number].error = error
        }
      }
    }
    for turn in turns { if let error = turn.error { throw error } }
    return 1 / turns.reduce(0) { $0 + Double($1.steps) / $1.seconds }
  }
}
