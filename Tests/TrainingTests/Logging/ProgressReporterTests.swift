import Testing

@testable import Training

@Suite struct ProgressReporterTests {
  private let facts = ResultFacts(
    split: "validation", step: 7, epoch: 1,
    results: [
      MetricResult("critic/loss", 0.5), MetricResult("f1_macro", 0.25),
      MetricResult("f1/cat", 0.125, isPerClass: true),
    ])

  private func told(_ style: ProgressReporter.Style) -> String {
    var text = ""
    ProgressReporter(style, clock: { 0 }) { text += $0 }.evaluated(facts)
    return text
  }

  @Test func linesHaveNoResultsOfSingleClasses() {
    #expect(told(.lines) == "epoch 1 step 7 validation: critic/loss 0.5000 f1_macro 0.2500\n")
  }

  /// A line that is drawn over must never reach the end of the terminal's, which would begin another.
  @Test(arguments: [1, 2, 5, 10, 20, 40, 60, 80, 200])
  func aLineThatIsDrawnOverStaysOne(width: Int) {
    for name in ["loss", "discriminator/real_loss", "Verlust_\u{30ED}\u{30B9}\u{30ED}\u{30B9}"] {
      var (texts, time) = ([String](), 0.0)
      let reporter = ProgressReporter(
        .bar { width }, clock: { time }, write: { texts.append($0) })
      reporter.stageBegan(
        StageFacts(
          name: "a", number: 1, count: 1, epochs: 100, stepsPerEpoch: 12_345,
          totalSteps: 1_234_500, stepsDone: 0, logEverySteps: 50))
      for step in [1, 6_000, 12_345] {
        time += 1
        reporter.stepEnded(
          StepFacts(
            step: step, epoch: 1, stepOfEpoch: step, rows: 32,
            losses: [(name, 0.5), ("other", 1234.5)], learningRates: []))
      }
      #expect(texts.count == 3)
      for text in texts {
        let line = text.replacing("\r\u{1B}[K", with: "")
        #expect(!line.contains("\n") && line.mostColumns < max(2, width), "\(width): \(line)")
        #expect(width < 20 || line.contains("/12345"))
        #expect(width < 60 || line.contains("\(name.prefix(4))"))
        #expect(width < 200 || line.contains("rows/s"))
        #expect(width > 40 || !line.contains("rows/s"))
      }
    }
  }

  private final class Window: @unchecked Sendable {
    var width = 0
  }

  @Test func theWidthIsThatOfTheMoment() {
    let window = Window()
    var (lines, time) = ([String](), 0.0)
    let reporter = ProgressReporter(
      .bar { window.width }, clock: { time }, write: { lines.append($0) })
    reporter.stageBegan(
      StageFacts(
        name: "a", number: 1, count: 1, epochs: 100, stepsPerEpoch: 10, totalSteps: 1000,
        stepsDone: 0, logEverySteps: 50))
    for (step, columns) in [(1, 200), (2, 30)] {
      window.width = columns
      time += 1
      reporter.stepEnded(
        StepFacts(
          step: step, epoch: 1, stepOfEpoch: step, rows: 32, losses: [("loss", 0.5)],
          learningRates: []))
    }
    #expect(lines[0].mostColumns > 60 && lines[1].mostColumns < 30 + 4)
  }

  @Test func programsGetEveryResult() {
    #expect(told(.json).contains("\"f1/cat\": 0.125"))
    #expect(told(.silent).isEmpty)
  }
}
