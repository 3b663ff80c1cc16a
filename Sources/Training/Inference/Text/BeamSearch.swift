import Foundation

/// The likeliest continuations that are found when only the best so many beginnings are followed at each step.
///
/// A text that has ended counts with the logarithm of its probability over its length to a power (Wu et al. 2016, in the
/// form that has become usual).
struct BeamSearch {
  /// A beginning.
  struct Beam {
    var tokens: [Int]
    /// The logarithm of its probability.
    var score: Double
    /// The row in which the beginning without its last token stood.
    var origin: Int

    var token: Int { tokens[tokens.count - 1] }
  }

  /// Those that go on, one for each row; all the same before the first step.
  private(set) var beams: [Beam]
  private var ended: [(tokens: [Int], score: Double)] = []
  /// How many tokens can be chosen, the first ones.
  private let vocabulary: Int
  private let end: Int?
  private let lengthPenalty: Double
  private var isFirst = true

  init(width: Int, vocabulary: Int, end: Int?, lengthPenalty: Double) {
    beams = (0..<width).map { Beam(tokens: [], score: 0, origin: $0) }
    self.vocabulary = vocabulary
    (self.end, self.lengthPenalty) = (end, lengthPenalty)
  }

  /// Goes on by a token.
  ///
  /// - Parameter scores: logits [rows, V] of what comes after each beam.
  mutating func extend(_ scores: UnsafeBufferPointer<Float>, tokens count: Int) {
    var candidates: [Beam] = []
    for (row, beam) in beams.enumerated() where row == 0 || !isFirst {
      let logits = scores[row * count..<(row + 1) * count]
      let top = Double(logits.max() ?? 0)
      let logSum = top + log(logits.reduce(0) { $0 + exp(Double($1) - top) })
      // No more than one for each beam and one that ends can be among the best.
      for token in best(logits.prefix(vocabulary), beams.count + 1) {
        let score = beam.score + Double(logits[logits.startIndex + token]) - logSum
        candidates.append(Beam(tokens: beam.tokens + [token], score: score, origin: row))
      }
    }
    isFirst = false
    candidates.sort { $0.score > $1.score }
    var going: [Beam] = []
    for candidate in candidates where going.count < beams.count {
      if candidate.token == end {
        ended.append((candidate.tokens.dropLast(), normalized(candidate)))
      } else {
        going.append(candidate)
      }
    }
    // With few tokens there may be too few to fill all rows.
    while let last = going.last, going.count < beams.count {
      going.append(Beam(tokens: last.tokens, score: -.infinity, origin: last.origin))
    }
    if !going.isEmpty { beams = going }
  }

  private func best(_ logits: Slice<UnsafeBufferPointer<Float>>, _ count: Int) -> [Int] {
    var best: [(token: Int, logit: Float)] = []
    for (token, logit) in logits.enumerated()
    where best.count < count || logit > best[best.count - 1].logit {
      let place = best.firstIndex { logit > $0.logit } ?? best.count
      best.insert((token, logit), at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map(\.token)
  }

  private func normalized(_ beam: Beam) -> Double {
    beam.score / pow(Double(max(1, beam.tokens.count)), lengthPenalty)
  }

  /// Whether as many texts have ended as are followed, and none that goes on is better, as it stands, than the best of them.
  var isDone: Bool {
    guard ended.count >= beams.count, let best = ended.map(\.score).max() else { return false }
    return beams.allSatisfy { normalized($0) <= best }
  }

  /// The best text, of those that have ended if there are any.
  var best: [Int] {
    ended.max { $0.score < $1.score }?.tokens
      ?? beams.max { normalized($0) < normalized($1) }?.tokens ?? []
  }
}
