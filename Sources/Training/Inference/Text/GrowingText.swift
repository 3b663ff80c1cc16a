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
///
/// Texts are sequences of code points: a stop is also found where, with what stands beside it, it makes one character
/// of several code points, as the carriage return and the line feed of a line end do.
struct StoppedText {
  private let stops: [[Unicode.Scalar]]
  private(set) var isEnded = false
  private var held: [Unicode.Scalar] = []

  /// None of the stops is empty.
  init(stops: [String]) { self.stops = stops.map { Array($0.unicodeScalars) } }

  /// What was held back.
  var rest: String { Self.text(held) }

  /// The part of the text that will stay, when this comes behind it.
  mutating func take(_ text: String) -> String {
    held += text.unicodeScalars
    if let stop = stops.compactMap({ held.firstRange(of: $0)?.lowerBound }).min() {
      defer { (held, isEnded) = ([], true) }
      return Self.text(held[..<stop])
    }
    let certain = held.count - ((stops.map(\.count).max() ?? 1) - 1)
    guard certain > 0 else { return "" }
    defer { held.removeFirst(certain) }
    return Self.text(held[..<certain])
  }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
