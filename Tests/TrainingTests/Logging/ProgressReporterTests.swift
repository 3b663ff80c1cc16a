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

  @Test func programsGetEveryResult() {
    #expect(told(.json).contains("\"f1/cat\": 0.125"))
    #expect(told(.silent).isEmpty)
  }
}
