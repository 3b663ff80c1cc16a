/// How much recognised texts differ from what was said: edits / length of the references, over a whole corpus.
///
/// The rate exceeds 1 where more is inserted than there is. Nothing is changed before: case, punctuation and accents count.
public struct ErrorRate: Sendable, Equatable {
  /// Insertions, deletions and substitutions that make the references of the hypotheses.
  public let edits: Int
  /// The words or characters of the references.
  public let length: Int

  /// edits / length; 0 for empty texts that agree, NaN where there is nothing that could be wrong but is.
  public var rate: Double { edits == 0 ? 0 : length == 0 ? .nan : Double(edits) / Double(length) }

  private init<Unit: Equatable>(
    _ hypotheses: [String], _ references: [String], _ units: (String) -> [Unit]
  ) {
    precondition(hypotheses.count == references.count, "one reference for each hypothesis")
    var (edits, length) = (0, 0)
    for (hypothesis, reference) in zip(hypotheses, references) {
      let truth = units(reference)
      edits += editDistance(units(hypothesis), truth)
      length += truth.count
    }
    (self.edits, self.length) = (edits, length)
  }

  /// The word error rate (WER); words are what white space divides.
  public static func ofWords(hypotheses: [String], references: [String]) -> ErrorRate {
    ErrorRate(hypotheses, references) { text in
      text.unicodeScalars.split { $0.properties.isWhitespace }.map(Array.init)
    }
  }

  /// The character error rate (CER); characters are Unicode's code points, white space included.
  public static func ofCharacters(hypotheses: [String], references: [String]) -> ErrorRate {
    ErrorRate(hypotheses, references) { Array($0.unicodeScalars) }
  }
}
