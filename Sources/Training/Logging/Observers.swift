/// Passes every report on to several observers, in their order.
public final class Observers: TrainingObserver {
  private let all: [any TrainingObserver]

  public init(_ all: [any TrainingObserver]) { self.all = all }

  public func stageBegan(_ stage: StageFacts) { for observer in all { observer.stageBegan(stage) } }
  public func stepEnded(_ step: StepFacts) { for observer in all { observer.stepEnded(step) } }
  public func epochEnded(_ facts: ResultFacts) {
    for observer in all { observer.epochEnded(facts) }
  }
  public func evaluated(_ facts: ResultFacts) { for observer in all { observer.evaluated(facts) } }
  public func sampled(_ facts: SampleFacts) { for observer in all { observer.sampled(facts) } }
  public func note(_ message: String) { for observer in all { observer.note(message) } }
}
