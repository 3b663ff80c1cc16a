import Settings

/// The way to a value in a document: `training.stages[1].optimizer`.
struct SettingPath: Hashable {
  enum Step: Hashable {
    case key(String)
    case index(Int)
  }

  let steps: [Step]

  /// Nil where the text is no path: an empty key, an unclosed bracket, more steps than brackets may stand within each
  /// other.
  init?(_ text: some StringProtocol) {
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let key = pieces.first, !key.isEmpty, !key.contains("]") else { return nil }
      steps.append(.key(String(key)))
      for piece in pieces.dropFirst() {
        let digits = piece.dropLast()
        guard piece.last == "]", digits.utf8.allSatisfy({ (48...57).contains($0) }),
          let index = Int(digits)
        else { return nil }
        steps.append(.index(index))
      }
    }
    guard steps.count <= JSONParser.maximumDepth else { return nil }
    self.steps = steps
  }

  /// The path of the first steps as messages write it.
  func description(upTo count: Int) -> String {
    steps.prefix(count).reduce("") { text, step in
      switch step {
      case .key(let key): path(text, key)
      case .index(let index): path(text, index)
      }
    }
  }
}
