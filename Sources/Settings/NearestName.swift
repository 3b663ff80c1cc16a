/// The known name that a misspelt one most likely meant, or nil where none is near.
///
/// Near is an edit distance (insertions, deletions, substitutions, swaps of neighbours: Damerau 1964) of at most a third
/// of the longer name's length, and never everything.
public func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  let length = name.count
  let nearest = names.compactMap { known -> (distance: Int, name: String)? in
    let longer = max(length, known.count)
    let reach = min(max(1, longer / 3), longer - 1)
    // The lengths alone tell most apart, and keep a name of a megabyte cheap.
    guard abs(known.count - length) <= reach else { return nil }
    let distance = editDistance(name.lowercased(), known.lowercased())
    return distance <= reach ? (distance, known) : nil
  }
  return nearest.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
}

/// The known name that was most likely meant: what other tools call so, else the nearest.
public func likelyName(for name: String, among names: some Sequence<String>) -> String? {
  ForeignNames.meaning(of: name, among: names) ?? nearestName(to: name, among: names)
}

/// ` (did you mean "x"?)` where other tools call a known name so, or one is near; else the list of the known names
/// where it is short.
public func suggestion(for name: String, among names: some Collection<String>) -> String {
  if let likely = likelyName(for: name, among: names) { return " (did you mean \"\(likely)\"?)" }
  if names.isEmpty { return "" }
  let known = names.prefix(24).joined(separator: ", ") + (names.count > 24 ? ", ..." : "")
  return " (known: \(known))"
}

/// The same for the name of a type or a key: where other tools have one that has no like here, it says what to do
/// instead.
///
/// - Parameter advising: whether it says so too where a known name is called alike, which cannot be meant.
public func settingSuggestion(
  for name: String, among names: some Collection<String>, advising: Bool = false
) -> String {
  if advising || ForeignNames.meaning(of: name, among: names) == nil,
    let advice = ForeignNames.advice(for: name)
  {
    return " (\(advice))"
  }
  return suggestion(for: name, among: names)
}

func editDistance(_ one: String, _ other: String) -> Int {
  let (one, other) = (Array(one), Array(other))
  var beforeLast: [Int] = []
  var last = Array(0...other.count)
  for i in 0..<one.count {
    var row = [i + 1]
    for j in 0..<other.count {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (one[i] == other[j] ? 0 : 1))
      if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[other.count]
}
