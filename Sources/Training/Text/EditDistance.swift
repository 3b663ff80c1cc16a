/// The Levenshtein distance of two sequences: the fewest insertions, deletions and substitutions that make one the other.
///
/// Source: V. Levenshtein, "Binary codes capable of correcting deletions, insertions and reversals", 1966. Takes time of
/// the product of the lengths and memory of the shorter one.
public func editDistance<Element: Equatable>(
  _ one: some Collection<Element>, _ other: some Collection<Element>
) -> Int {
  let (long, short) =
    one.count >= other.count ? (Array(one), Array(other)) : (Array(other), Array(one))
  // The distances of the front part of `long` read so far from every front part of `short`.
  var distances = Array(0...short.count)
  for (row, element) in long.enumerated() {
    var diagonal = distances[0]
    distances[0] = row + 1
    for (column, counterpart) in short.enumerated() {
      let substituted = diagonal + (element == counterpart ? 0 : 1)
      diagonal = distances[column + 1]
      distances[column + 1] = min(substituted, diagonal + 1, distances[column] + 1)
    }
  }
  return distances[short.count]
}
