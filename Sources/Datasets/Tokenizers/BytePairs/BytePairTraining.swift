import Settings

/// Learns byte pairs: again and again the two neighbouring tokens that are most frequent become one (Sennrich, Haddow and
/// Birch 2016), until there are as many tokens as wished or no pair is frequent enough. Of equally frequent pairs the one
/// with the smaller numbers is first.
///
/// Pairs are counted once; a merge then changes the counts around the places where it happens, so that its price is the
/// number of these places.
struct BytePairTraining {
  /// The tokens in the order of their numbers.
  private(set) var vocabulary: [String]
  /// The pairs in the order in which they became one.
  private(set) var merges: [Pair] = []

  /// Two tokens that stand beside each other.
  struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  private struct Word {
    var tokens: [Int32]
    let count: Int
  }

  private var words: [Word] = []
  private var counts: [Pair: Int] = [:]
  /// In which words a pair may be.
  private var places: [Pair: [Int32]] = [:]
  private var numbers: [ExactString: Int32] = [:]
  /// The most frequent first, and of equally frequent ones that with the smaller numbers; counts may be too high by now.
  private var queue = Heap<Candidate> { $0.isBefore($1) }

  private struct Candidate {
    let count: Int
    let pair: Pair

    func isBefore(_ other: Candidate) -> Bool {
      if count != other.count { return count > other.count }
      if pair.left != other.pair.left { return pair.left < other.pair.left }
      return pair.right < other.pair.right
    }
  }

  /// - Parameters:
  ///   - pieces: how often each piece is in the texts.
  ///   - first: the tokens in front of those of the bytes.
  init(_ pieces: [[UInt8]: Int], behind first: [String]) {
    vocabulary = first + ByteAlphabet.sorted
    for (number, token) in vocabulary.enumerated() { numbers[ExactString(token)] = Int32(number) }
    let bytes = ByteAlphabet.characters.map { numbers[ExactString(String($0))] ?? 0 }
    words = pieces.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { Word(tokens: $0.key.map { bytes[Int($0)] }, count: $0.value) }
    for (index, word) in words.enumerated() {
      for (left, right) in zip(word.tokens, word.tokens.dropFirst()) {
        add(word.count, to: Pair(left: left, right: right), in: index)
      }
    }
    for (pair, count) in counts { queue.push(.init(count: count, pair: pair)) }
  }

  /// Merges until there are `size` tokens, or no pair is there `minimumCount` times.
  mutating func train(size: Int, minimumCount: Int) {
    while vocabulary.count < size, let top = queue.pop() {
      let count = counts[top.pair] ?? 0
      if count != top.count {
        // It became rarer since it was put there.
        if count > 0 { queue.push(.init(count: count, pair: top.pair)) }
        continue
      }
      guard count >= max(1, minimumCount) else { return }
      merge(top.pair)
    }
  }

  private mutating func add(_ count: Int, to pair: Pair, in word: Int) {
    counts[pair, default: 0] += count
    if places[pair]?.last != Int32(word) { places[pair, default: []].append(Int32(word)) }
  }

  private mutating func merge(_ pair: Pair) {
    let token = vocabulary[Int(pair.left)] + vocabulary[Int(pair.right)]
    // Two pairs may give the same token.
    let number = numbers[ExactString(token)] ?? Int32(vocabulary.count)
    if numbers[ExactString(token)] == nil {
      numbers[ExactString(token)] = number
      vocabulary.append(token)
    }
    merges.append(pair)
    var grown: Set<Pair> = []
    for word in places.removeValue(forKey: pair) ?? [] {
      merge(pair, to: number, in: Int(word), &grown)
    }
    counts[pair] = nil
    for pair in grown {
      if let count = counts[pair], count > 0 { queue.push(.init(count: count, pair: pair)) }
    }
  }

  private mutating func merge(
    _ pair: Pair, to number: Int32, in index: Int, _ grown: inout Set<Pair>
  ) {
    var tokens = words[index].tokens
    let count = words[index].count
    var kept = 0
    var next = 0
    while next < tokens.count {
      guard next + 1 < tokens.count, tokens[next] == pair.left, tokens[next + 1] == pair.right
      else {
        tokens[kept] = tokens[next]
        kept += 1
        next += 1
        continue
      }
      if kept > 0 {
        counts[Pair(left: tokens[kept - 1], right: pair.left), default: 0] -= count
        let new = Pair(left: tokens[kept - 1], right: number)
        add(count, to: new, in: index)
        grown.insert(new)
      }
      if next + 2 < tokens.count {
        counts[Pair(left: pair.right, right: tokens[next + 2]), default: 0] -= count
        let new = Pair(left: number, right: tokens[next + 2])
        add(count, to: new, in: index)
        grown.insert(new)
      }
      tokens[kept] = number
      kept += 1
      next += 2
    }
    tokens.removeLast(tokens.count - kept)
    words[index].tokens = tokens
  }
}
