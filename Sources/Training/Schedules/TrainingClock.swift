/// Where a stage of training stands: all that a schedule may depend on.
public struct TrainingClock: Sendable, Equatable {
  /// How many updates the stage has done before this one: 0 at the first.
  public var step: Int
  /// Updates in one pass over the training data, at least 1.
  public var stepsPerEpoch: Int
  /// Updates in the whole stage, at least 1.
  public var totalSteps: Int

  public init(step: Int, stepsPerEpoch: Int, totalSteps: Int) {
    self.step = max(0, step)
    self.stepsPerEpoch = max(1, stepsPerEpoch)
    self.totalSteps = max(1, totalSteps)
  }

  /// The clock of what has so many turns in each update, at one of them; what is beyond counting stays the largest
  /// number.
  func turn(_ repetition: Int, of turns: Int) -> TrainingClock {
    func counted(_ count: Int) -> Int {
      let (product, overflows) = count.multipliedReportingOverflow(by: turns)
      return overflows ? .max : product
    }
    let (step, overflows) = counted(step).addingReportingOverflow(repetition)
    return TrainingClock(
      step: overflows ? .max : step, stepsPerEpoch: counted(stepsPerEpoch),
      totalSteps: counted(totalSteps))
  }

  /// Updates since the first `delay` ones; 0 within them.
  func steps(after delay: Int) -> Int { max(0, step - delay) }

  /// Updates from `delay` to the end of the stage, at least 1.
  func remaining(after delay: Int) -> Int { max(1, totalSteps - delay) }
}
