import Foundation

/// How much translations agree with references: BLEU, of a whole corpus with one reference a line.
///
/// As sacreBLEU with `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp`:
///
///     score = 100 BP exp(¼ Σ ln p_n),  n = 1 ... 4,  BP = exp(1 - r / c) where c < r, else 1
///
/// p_n is the share of the hypotheses' n-grams that their references have (each as often as there), c and r are the words
/// of all hypotheses and references. The k-th p_n without a match counts 1 / 2^k n-grams.
///
/// Sources: K. Papineni et al., "BLEU: a method for automatic evaluation of machine translation", 2002; M. Post, "A call
/// for clarity in reporting BLEU scores", 2018.
public struct BLEU: Sendable, Equatable {
  /// What other people need to know to compare scores.
  public static let signature = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp"
  private static let order = 4

  /// In percent.
  public let score: Double
  /// p_1 to p_4 in percent.
  public let precisions: [Double]
  public let brevityPenalty: Double
  /// c.
  public let hypothesisLength: Int
  /// r.
  public let referenceLength: Int

  public init(hypotheses: [String], references: [String]) {
    precondition(hypotheses.count == references.count, "one reference for each hypothesis")
    var (lengths, matches) = ((hypothesis: 0, reference: 0), [Int](repeating: 0, count: Self.order))
    var totals = matches
    var numbers: [[Unicode.Scalar]: Int] = [:]
    func numbered(_ line: String) -> [Int] {
      BLEUTokenizer.words(of: line).map { word in
        let number = numbers[word] ?? numbers.count
        numbers[word] = number
        return number
      }
    }
    for (hypothesis, reference) in zip(hypotheses, references) {
      let (words, truth) = (numbered(hypothesis), numbered(reference))
      lengths.hypothesis += words.count
      lengths.reference += truth.count
      for n in 1...Self.order {
        let known = Self.counts(of: truth, n)
        for (gram, count) in Self.counts(of: words, n) {
          matches[n - 1] += min(count, known[gram] ?? 0)
        }
        totals[n - 1] += max(0, words.count - n + 1)
      }
    }
    (hypothesisLength, referenceLength) = lengths
    let (c, r) = (Double(lengths.hypothesis), Double(lengths.reference))
    brevityPenalty = c >= r ? 1 : c > 0 ? exp(1 - r / c) : 0
    precisions = Self.precisions(matches, totals)
    score =
      precisions.contains(0)
      ? 0 : brevityPenalty * exp(precisions.reduce(0) { $0 + log($1) } / Double(Self.order))
  }

  /// In percent, smoothed; 0 where there is no n-gram of this or a smaller order, or nothing matches at all.
  private static func precisions(_ matches: [Int], _ totals: [Int]) -> [Double] {
    var precisions = [Double](repeating: 0, count: order)
    guard matches.contains(where: { $0 > 0 }) else { return precisions }
    var smoothing = 1.0
    for n in 0..<order {
      guard totals[n] > 0 else { break }
      if matches[n] == 0 {
        smoothing /= 2
        precisions[n] = 100 * smoothing / Double(totals[n])
      } else {
        precisions[n] = 100 * Double(matches[n]) / Double(totals[n])
      }
    }
    return precisions
  }

  /// How often each n-gram occurs.
  private static func counts(of words: [Int], _ n: Int) -> [ArraySlice<Int>: Int] {
    var counts: [ArraySlice<Int>: Int] = [:]
    for start in 0..<max(0, words.count - n + 1) {
      counts[words[start..<start + n], default: 0] += 1
    }
    return counts
  }
}
