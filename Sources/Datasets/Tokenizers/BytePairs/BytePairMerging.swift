/// Merges the tokens of a piece of text: again and again the neighbours whose pair was learnt first, the leftmost of
/// several, become one.
///
/// Neighbours that may merge wait in a heap, so that a piece of n bytes costs O(n log n), however long it is.
struct BytePairMerging {
  /// Which place in the list of merges a pair has, and the token it becomes.
  typealias Ranks = [BytePairTraining.Pair: (rank: Int, token: Int32)]

  private struct Candidate {
    let rank: Int
    let position: Int
    let right: Int
    let pair: BytePairTraining.Pair
  }

  private let ranks: Ranks
  private var tokens: [Int32]
  private var following: [Int]
  private var preceding: [Int]
  private var queue = Heap<Candidate> {
    $0.rank != $1.rank ? $0.rank < $1.rank : $0.position < $1.position
  }

  private init(_ tokens: [Int32], _ ranks: Ranks) {
    self.ranks = ranks
    self.tokens = tokens
    following = Array(1..<tokens.count + 1)
    preceding = Array(-1..<tokens.count - 1)
  }

  /// The tokens that those of single bytes become.
  static func merged(_ bytes: [Int32], _ ranks: Ranks) -> [Int32] {
    guard bytes.count > 1 else { return bytes }
    var merging = BytePairMerging(bytes, ranks)
    merging.run()
    return merging.tokens.filter { $0 != Self.gone }
  }

  /// What stands where a token was that became part of the one before it.
  private static let gone: Int32 = -1

  private mutating func run() {
    for position in tokens.indices { consider(position) }
    while let candidate = queue.pop() {
      let (left, right) = (candidate.position, candidate.right)
      // One of both may have become another token since.
      guard following[left] == right, tokens[left] == candidate.pair.left,
        tokens[right] == candidate.pair.right, let merge = ranks[candidate.pair]
      else { continue }
      tokens[left] = merge.token
      tokens[right] = Self.gone
      let next = following[right]
      following[left] = next
      if next < tokens.count { preceding[next] = left }
      following[right] = right
      consider(left)
      if preceding[left] >= 0 { consider(preceding[left]) }
    }
  }

  /// Puts a token and the one behind it in the queue if they may merge.
  private mutating func consider(_ left: Int) {
    let right = following[left]
    guard right < tokens.count else { return }
    let pair = BytePairTraining.Pair(left: tokens[left], right: tokens[right])
    guard let merge = ranks[pair] else { return }
    queue.push(Candidate(rank: merge.rank, position: left, right: right, pair: pair))
  }
}
