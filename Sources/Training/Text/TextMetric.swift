/// How texts that a model writes are compared with what they should be, line by line.
public enum TextMetric: String, CaseIterable, Sendable {
  /// `BLEU`, in percent.
  case bleu
  /// `ErrorRate.ofWords`.
  case wer
  /// `ErrorRate.ofCharacters`.
  case cer

  /// Whether a line may have several references.
  public var takesSeveralReferences: Bool { self == .bleu }

  public var better: Better { self == .bleu ? .higher : .lower }

  /// - Parameter references: one list or, where they may be several, more, each with a line for each answer.
  public func score(_ answers: [String], references: [[String]]) -> TextScore {
    switch self {
    case .bleu: return TextScore(BLEU(hypotheses: answers, references: references))
    case .wer:
      let rate = ErrorRate.ofWords(hypotheses: answers, references: references[0])
      return TextScore(self, rate, unit: "words")
    case .cer:
      let rate = ErrorRate.ofCharacters(hypotheses: answers, references: references[0])
      return TextScore(self, rate, unit: "characters")
    }
  }
}
