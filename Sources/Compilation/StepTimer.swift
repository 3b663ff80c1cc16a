/// How long the steps of a plan take, by the clock on the wall, summed over all runs of a session.
public final class StepTimer {
  /// One sum for each step of the plan.
  public private(set) var seconds: [Double]
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant

  public init(_ plan: Plan) {
    seconds = Array(repeating: 0, count: plan.steps.count)
    last = clock.now
  }

  /// Begins at a step.
  func start() { last = clock.now }

  /// Ends a step and begins at the next.
  func end(of step: Int) {
    let now = clock.now
    seconds[step] += (now - last) / .seconds(1)
    last = now
  }
}
