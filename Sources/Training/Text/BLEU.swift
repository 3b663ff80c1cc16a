import Foundation

/// How much translations agree with references: BLEU, of a whole corpus.
///
/// As sacreBLEU with `case:mixed|eff:no|tok:13a|smooth:exp`:
///
///     score = 100 BP exp(¼ Σ ln p_n),  n = 1 ... 4,  BP = exp(1 - r / c) where c < r, else 1
///
/// p_n is the share of the hypotheses' n-grams that their references have (each as often as there), c and r are the words
/// of all hypotheses and references. The k-th p_n without a match counts 1 / 2^k n-grams. Of several references of a line an
/// n-gram counts as often as in the one that has most, and r counts the one whose length is nearest, the shorter of two.
///
/// Sources: K. Papineni et al., "BLEU: a method for automatic evaluation of machine translation", 2002; M. Post, "A call
/// for clarity in reporting BLEU scores", 2018.
public struct BLEU: Sendable, Equatable {
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
  /// How many references each hypothesis has.
  public let referenceCount: Int

  /// c / r, 0 where the references are empty.
  public var lengthRatio: Double {
    referenceLength == 0 ? 0 : Double(hypothesisLength) / Double(referenceLength)
  }

  /// What other people need to know to compare scores.
  public var signature: String { "nrefs:\(referenceCount)|case:mixed|eff:no|tok:13a|smooth:exp" }

  /// - Parameter references: one list or several, each with a reference for each hypothesis.
  public init(hypotheses: [String], references: [[String]]) {
    precondition(
      !references.isEmpty && references.allSatisfy { $0.count == hypotheses.count },
      "one reference for each hypothesis")
    referenceCount = references.count
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
    for (line, hypothesis) in hypotheses.enumerated() {
      let (words, truths) = (numbered(hypothesis), references.map { numbered($0[line]) })
      lengths.hypothesis += words.count
      lengths.reference += Self.nearest(to: words.count, among: truths.map(\.count))
      for n in 1...Self.order {
        var known = Self.counts(of: truths[0], n)
        for truth in truths.dropFirst() {
          known.merge(Self.counts(of: truth, n), uniquingKeysWith: max)
        }
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

  /// The nearest of some lengths, the shorter of two that are as near.
  private static func nearest(to length: Int, among lengths: [Int]) -> Int {
    lengths.min { (abs($0 - length), $0) < (abs($1 - length), $1) } ?? 0
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

extension BLEU: CustomStringConvertible {
  /// `100.0/75.0/66.7/50.0 (BP = 0.819 ratio = 0.833 hyp_len = 5 ref_len = 6)`, as sacreBLEU has it behind the score.
  public var facts: String {
    let shares = precisions.map { String(format: "%.1f", $0) }.joined(separator: "/")
    let penalty = String(format: "BP = %.3f ratio = %.3f", brevityPenalty, lengthRatio)
    return "\(shares) (\(penalty) hyp_len = \(hypothesisLength) ref_len = \(referenceLength))"
  }

  /// `BLEU = 57.89 100.0/75.0/66.7/50.0 (BP = ...)`.
  public var description: String { String(format: "BLEU = %.2f ", score) + facts }
}
