public import Datasets
import Foundation
import Settings

/// Tells people how a run gets on: a bar on a terminal, plain lines elsewhere, JSON for programs.
public final class ProgressReporter: TrainingObserver {
  /// How reports look.
  public enum Style: Sendable {
    /// Drawn over and over in a line of as many columns as the terminal has at that moment.
    case bar(width: @Sendable () -> Int)
    case lines
    case json
    case silent
  }

  /// Plain lines about single steps come at most so often, the bar is drawn at most so often.
  private static let lineInterval = 10.0
  private static let drawInterval = 0.1

  private let style: Style
  private let write: (String) -> Void
  private let clock: () -> Double
  private var stage: StageFacts?
  private var began = 0.0
  private var shown = 0.0
  private var rows = 0
  private var isDrawn = false

  /// - Parameters:
  ///   - write: takes text, ends of lines included.
  ///   - clock: seconds from any beginning.
  public init(
    _ style: Style, clock: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime },
    write: @escaping (String) -> Void
  ) {
    (self.style, self.clock, self.write) = (style, clock, write)
  }

  public func stageBegan(_ stage: StageFacts) {
    self.stage = stage
    (began, shown, rows) = (clock(), clock(), 0)
    if stage.count > 1 { say("stage \(stage.number)/\(stage.count) \(stage.name)") }
  }

  public func stepEnded(_ step: StepFacts) {
    rows += step.rows
    let now = clock()
    switch style {
    case .bar(let width) where now - shown >= Self.drawInterval:
      shown = now
      draw(step, width: width(), now)
    case .lines where now - shown >= Self.lineInterval:
      shown = now
      say("\(place(step)) \(results(step.losses)) \(rate(now)) rows/s")
    default: break
    }
  }

  public func epochEnded(_ facts: ResultFacts) { report(facts) }

  public func evaluated(_ facts: ResultFacts) { report(facts) }

  public func note(_ message: String) {
    say(message, json: ["note": message.json])
  }

  /// Tells what the data hold, and what is likely to be a mistake in them.
  public func report(_ data: DataReport) {
    say(data.lines.joined(separator: "\n"), json: ["splits": data.json])
    for message in data.notes { note(message) }
  }

  /// Takes a bar off the terminal, before anything else is written there.
  public func finish() { clear() }

  private func report(_ facts: ResultFacts) {
    let members: [JSON.Member] = [
      .init("split", facts.split.json), .init("epoch", facts.epoch.json),
      .init("step", facts.step.json),
    ]
    let shown = facts.results.filter { !$0.isPerClass }.map { ($0.name, $0.value) }
    let epochs = stage.map { "/\($0.epochs)" } ?? ""
    say(
      "epoch \(facts.epoch)\(epochs) step \(facts.step) \(facts.split): \(results(shown))",
      json: JSON(
        .object(members + facts.results.map { .init($0.name, JSON(.number($0.value))) })))
  }

  private func say(_ text: String, json: JSON? = nil) {
    switch style {
    case .silent: return
    case .json: if let json { write(json.text() + "\n") }
    case .bar, .lines:
      clear()
      write(text + "\n")
    }
  }

  private func place(_ step: StepFacts) -> String {
    guard let stage else { return "step \(step.step)" }
    return "epoch \(step.epoch)/\(stage.epochs) step \(step.stepOfEpoch)/\(stage.stepsPerEpoch)"
  }

  /// Results in four decimals or so.
  private func results(_ results: [(name: String, value: Double)]) -> String {
    results.map { "\($0.name) \(ResultText.short($0.value))" }.joined(separator: " ")
  }

  private func rate(_ now: Double) -> String {
    let rate = Double(rows) / max(1e-9, now - began)
    return rate < 1e9 ? "\(Int(rate.rounded()))" : "?"
  }

  private func draw(_ step: StepFacts, width: Int, _ now: Double) {
    guard let stage else { return }
    let done = Double(step.stepOfEpoch) / Double(max(1, stage.stepsPerEpoch))
    let stepsNow = Double((step.epoch - 1) * stage.stepsPerEpoch + step.stepOfEpoch)
    let fresh = stepsNow - Double(stage.stepsDone)
    let left = (now - began) / max(1, fresh) * max(0, Double(stage.totalSteps) - stepsNow)
    let epoch = "epoch \(step.epoch)/\(stage.epochs)"
    let count = "\(step.stepOfEpoch)/\(stage.stepsPerEpoch)"
    let losses = results(step.losses)
    let time = "\(ResultText.duration(left)) left"
    // What tells least goes first where the terminal is narrow.
    let lines = [
      [epoch, Self.bar(done, 20), count, losses, "\(rate(now)) rows/s, \(time)"],
      [epoch, Self.bar(done, 10), count, losses, time], [epoch, count, losses, time],
      [epoch, count, losses], [count, losses],
    ].map { $0.joined(separator: " ") }
    // Behind the last column a terminal may begin a new line.
    let room = max(1, width - 1)
    let line = lines.first { $0.mostColumns <= room } ?? lines[lines.count - 1]
    write("\r\u{1B}[K" + line.prefix(fitting: room))
    isDrawn = true
  }

  private static func bar(_ done: Double, _ width: Int) -> String {
    let filled = Int((done * Double(width)).rounded(.down))
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: width - filled) + "]"
  }

  private func clear() {
    if isDrawn { write("\r\u{1B}[K") }
    isDrawn = false
  }
}
