import Foundation
import TensorCore

/// Chooses the next token by the scores that a model gives them.
public struct TokenSampler: Sendable {
  /// What the scores are divided by; 0 takes the best token.
  public var temperature = 1.0
  /// How many of the best tokens can be chosen.
  public var top: Int?
  /// Only the best tokens whose probabilities add up to this can be chosen (Holtzman et al. 2020).
  public var mass: Double?
  /// What the scores of tokens that were there are divided by, or multiplied with where below 0 (Keskar et al. 2019).
  public var repetitionPenalty = 1.0
  public var seed: UInt64 = 0

  public init() {}

  /// The token to come.
  ///
  /// - Parameters:
  ///   - scores: logits, one for each token.
  ///   - past: the tokens before.
  ///   - number: how many tokens were chosen before: what is drawn follows from the seed and this.
  func choose(_ scores: UnsafeBufferPointer<Float>, past: [Int], number: Int) -> Int {
    var scores = scores.map(Double.init)
    if repetitionPenalty != 1 {
      for token in Set(past) where scores.indices.contains(token) {
        scores[token] =
          scores[token] > 0
          ? scores[token] / repetitionPenalty : scores[token] * repetitionPenalty
      }
    }
    // The first of equal ones.
    let order = scores.indices.sorted {
      (scores[$0], $1) > (scores[$1], $0)
    }
    guard temperature > 0, let best = order.first else { return order.first ?? 0 }
    var candidates = order.prefix(top ?? .max).map { token in
      (token: token, weight: exp((scores[token] - scores[best]) / temperature))
    }
    if let mass {
      let bound = mass * candidates.reduce(0) { $0 + $1.weight }
      var sum = 0.0
      let count = candidates.firstIndex { candidate in
        sum += candidate.weight
        return sum >= bound
      }
      candidates = Array(candidates.prefix((count ?? candidates.count) + 1))
    }
    let total = candidates.reduce(0) { $0 + $1.weight }
    var left = total * RandomStream(seed: seed, name: "generate/token").uniform(number)
    for candidate in candidates {
      left -= candidate.weight
      if left < 0 { return candidate.token }
    }
    return candidates.last?.token ?? best
  }
}
