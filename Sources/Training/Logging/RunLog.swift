import Formats
import Foundation
import Settings

/// Writes what a run reports to its folder: `metrics.jsonl`, `metrics.csv`, `samples/` and a TensorBoard event file.
///
/// A line of `metrics.jsonl` is one flat object: `ts`, `step`, `epoch`, `split` and the results by name. `metrics.csv` has one
/// number a line (`step,epoch,split,name,value`), so that its columns never change. Splits are `batch` (single steps), `train` (means of
/// an epoch) and `validation`.
public final class RunLog: TrainingObserver {
  /// Single steps are logged every so many.
  private var stepInterval = 50

  private let lines: AppendFile
  private let table: AppendFile
  private let events: EventFile
  private let folder: RunFolder
  /// The first failure to write; a run whose log cannot be written must not go on as if it could.
  public private(set) var failure: FormatError?

  private static let header = "step,epoch,split,name,value"

  /// Opens the logs of a run.
  ///
  /// - Parameter resumedAt: the step that a resumed run goes on from; what was logged after it will be logged again and
  ///   is taken out.
  public init(_ folder: RunFolder, resumedAt step: Int? = nil) throws(FormatError) {
    self.folder = folder
    if let step { try Self.truncate(folder, after: step) }
    lines = try AppendFile(lines: folder.metrics)
    let isNew = !FileManager.default.fileExists(atPath: folder.metricsTable)
    table = try AppendFile(lines: folder.metricsTable)
    if isNew { try table.append(line: Self.header) }
    events = try EventFile(directory: folder.path, restartingAt: step.map { $0 + 1 })
  }

  private static func truncate(_ folder: RunFolder, after step: Int) throws(FormatError) {
    try rewrite(folder.metrics) { line in
      var problems = Problems()
      guard let json = try? JSONParser.parse(Array(line.utf8), file: folder.metrics),
        let logged = json["step"].flatMap({ Int.read($0, at: "step", &problems) })
      else { return false }
      return logged <= step
    }
    try rewrite(folder.metricsTable) { line in
      guard let first = line.split(separator: ",").first else { return false }
      return Int(first).map { $0 <= step } ?? (line == header)
    }
  }

  /// Keeps the lines of a file that are to stay.
  private static func rewrite(
    _ path: String, keeping stays: (String) -> Bool
  ) throws(FormatError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
    let kept = text.split(separator: "\n").map(String.init).filter(stays)
    try AtomicFile.write(path, kept.map { $0 + "\n" }.joined())
  }

  public func stageBegan(_ stage: StageFacts) { stepInterval = stage.logEverySteps }

  public func stepEnded(_ step: StepFacts) {
    guard step.step % stepInterval == 0 else { return }
    write("batch", step: step.step, epoch: step.epoch, step.losses + step.learningRates)
  }

  public func epochEnded(_ facts: ResultFacts) {
    write(
      facts.split, step: facts.step, epoch: facts.epoch, facts.results.map { ($0.name, $0.value) })
  }

  public func evaluated(_ facts: ResultFacts) {
    write(
      facts.split, step: facts.step, epoch: facts.epoch, facts.results.map { ($0.name, $0.value) })
  }

  /// Writes `samples/NAME-step-N.png`, and the same picture for TensorBoard.
  public func sampled(_ facts: SampleFacts) {
    guard failure == nil else { return }
    let (picture, name) = (facts.picture, facts.name.replacing("/", with: "-"))
    do throws(FormatError) {
      try Directory.create(folder.samples)
      let file = folder.sample(name, step: facts.step)
      let png = try PNGFile.encode(picture, file: file)
      try AtomicFile.write(file, png)
      try events.image(
        tag: "samples/\(name)", png: png, height: picture.height, width: picture.width,
        channels: picture.channels, step: facts.step)
    } catch { failure = error }
  }

  public func note(_ message: String) {}

  private func write(
    _ split: String, step: Int, epoch: Int, _ results: [(name: String, value: Double)]
  ) {
    guard failure == nil else { return }
    let time = EventFile.now
    let head: [JSON.Member] = [
      .init("ts", JSON(.number(time))), .init("step", step.json), .init("epoch", epoch.json),
      .init("split", split.json),
    ]
    let line = JSON(
      .object(head + results.map { .init($0.name, JSON(.number($0.value))) }))
    do throws(FormatError) {
      try lines.append(line: line.text())
      for (name, value) in results {
        try table.append(line: "\(step),\(epoch),\(split),\(name),\(ResultText.text(value))")
        try events.scalar(tag: "\(split)/\(name)", value: value, step: step, wallTime: time)
      }
    } catch { failure = error }
  }
}
