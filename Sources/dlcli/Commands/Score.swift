import ArgumentParser
import Formats
import Settings
import Training

/// `dlcli score`: how well lines of text agree with references.
struct Score: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    abstract: "Compare lines of text with references: BLEU, word and character error rates.",
    discussion: """
      bleu is sacreBLEU's: of the whole file, in percent, words as mteval-v13a divides them. wer and cer are edits over the words \
      (divided by white space) or characters of the references. Files are UTF-8, gzipped or not; every line counts, empty ones too.
        dlcli generate RUN < test.en | dlcli score - --references test.de.gz
      """)

  @Argument(help: "The lines to judge; - is standard input.", completion: .file())
  var answers: String

  @Option(
    help: ArgumentHelp(
      "A file with the line that is right for each. May stand several times for bleu, where a line can be right in several ways.",
      valueName: "file"),
    completion: .file())
  var references: [String]

  @Option(help: "What to compute; may stand several times. (default: bleu)")
  var metric: [TextMetric] = []

  @Option(help: ArgumentHelp("Exit with 1 where a result is worse.", valueName: "metric=value"))
  var failUnder: [Threshold] = []

  @Flag(help: "Print JSON for other programs.")
  var json = false

  @OptionGroup var output: OutputOptions

  private var metrics: [TextMetric] {
    metric.isEmpty ? [.bleu] : TextMetric.allCases.filter(metric.contains)
  }

  func validate() throws {
    if references.isEmpty { throw ValidationError("give a file of --references") }
    if let one = metrics.first(where: { !$0.takesSeveralReferences }), references.count > 1 {
      throw ValidationError(
        "--metric \(one.rawValue) takes one file of --references, got \(references.count)")
    }
    if ([answers] + references).map(Self.path).count(where: { $0 == "/dev/stdin" }) > 1 {
      throw ValidationError("standard input can be read once only")
    }
  }

  func run() throws {
    let lines = try LineFile.read(Self.path(answers))
    let truths = try references.map { try LineFile.read(Self.path($0)) }
    for (file, truth) in zip(references, truths) where truth.count != lines.count {
      throw FormatError(
        .badData, file: answers,
        "expected \(truth.count) lines, as many as \(file) has, got \(lines.count)")
    }
    if lines.isEmpty { throw FormatError(.badData, file: answers, "expected lines, got none") }
    let scores = metrics.map { $0.score(lines, references: truths) }
    let table = Table(
      head: ["metric", "score", "of \(lines.count) lines"],
      rows: scores.flatMap { score in
        score.lines.enumerated().map { number, line in
          number == 0 ? [score.metric.rawValue, score.text, line] : ["", "", line]
        }
      }, alignments: [.left, .left, .left])
    try StandardOutput.print(
      json
        ? Self.json(scores, lines.count).text(indented: true) + "\n"
        : table.text(width: Terminal.outputWidth), terminator: "")
    GitHub.append(
      TextTable(
        title: answers, columns: ["result", "value"],
        rows: scores.map { [$0.metric.rawValue, $0.text] }
      ).markdown)
    for threshold in failUnder {
      let score = scores.first { $0.metric.rawValue == threshold.name }
      try threshold.check(
        score?.value, among: scores.map(\.metric.rawValue), better: score?.metric.better ?? .higher)
    }
  }

  private static func path(_ file: String) -> String { file == "-" ? "/dev/stdin" : file }

  /// `{"lines": 1000, "bleu": 36.5, "bleu/signature": ...}`.
  private static func json(_ scores: [TextScore], _ lines: Int) -> JSON {
    let results = scores.flatMap { score in
      [JSON.Member(score.metric.rawValue, JSON(.number(score.value)))]
        + score.facts.map { .init("\(score.metric.rawValue)/\($0.name)", $0.value) }
    }
    return JSON(.object([.init("lines", lines.json)] + results))
  }
}

extension TextMetric: ExpressibleByArgument {}
