import Datasets

/// The text of tokens that come one after the other, each in the time of a few however many there are.
struct GrowingText {
  private let tokenizer: any Tokenizer
  /// Whether the first token begins a text, rather than go on from one.
  private let isBeginning: Bool
  private var tokens: [Int] = []
  /// The tokens from `start` to `end` are decoded with what follows, for what is new may depend on what it follows.
  private var (start, end) = (0, 0)

  init(_ tokenizer: any Tokenizer, isBeginning: Bool) {
    (self.tokenizer, self.isBeginning) = (tokenizer, isBeginning)
  }

  /// The text that a token adds; none for part of a character, which comes with the rest of it.
  mutating func append(_ token: Int) -> String {
    tokens.append(token)
    let new = rest
    // A character that is not whole yet shows as a replacement.
    if new.isEmpty || new.unicodeScalars.last == "\u{FFFD}" { return "" }
    (start, end) = (end, tokens.count)
    return new
  }

  /// What was held back.
  var rest: String {
    let known = text(of: tokens[start..<end]).unicodeScalars.count
    return String(text(of: tokens[start...]).unicodeScalars.dropFirst(known))
  }

  private func text(of tokens: ArraySlice<Int>) -> String {
    isBeginning && tokens.startIndex == 0
      ? tokenizer.decodeBeginning(Array(tokens)) : tokenizer.decode(Array(tokens))
  }
}

/// Text that ends where a stop would begin: what may be the beginning of one is held back.
struct StoppedText {
  let stops: [String]
  private(set) var isEnded = false
  /// What was held back.
  private(set) var rest = ""

  init(stops: [String]) { self.stops = stops }

  /// The part of the text that will stay, when this comes behind it.
  mutating func take(_ text: String) -> String {
    rest += text
    if let stop = stops.compactMap({ rest.firstRange(of: $0)?.lowerBound }).min() {
      defer { (rest, isEnded) = ("", true) }
      return String(rest[..<stop])
    }
    let held = rest.suffix((stops.map(\.count).max() ?? 1) - 1)
    defer { rest = String(held) }
    return String(rest[..<held.startIndex])
  }
}
