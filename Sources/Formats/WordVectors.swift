/// Texts of word vectors, as word2vec and GloVe write them: a word and its numbers on each line, with spaces between.
///
/// word2vec puts a line of how many words and how many numbers in front; GloVe has words with spaces in them, so it is
/// the last fields of a line that are numbers. A file may be compressed by gzip, and begin with a byte order mark.
public enum WordVectors {
  /// Reads the vectors of some words; of a word that comes twice `wants` decides again.
  ///
  /// - Parameters:
  ///   - width: how many numbers a vector has.
  ///   - wants: whether a word's vector is asked for.
  ///   - take: is called with each of those and its numbers.
  /// Returns: what people should know where the first line promises one word more or less than there are, as in files
  /// that were published; nil elsewhere.
  /// Throws: `FormatError` with the line that is not a word and `width` finite numbers, and for a file that has other
  /// words, by more than one, than its first line promises.
  public static func read(
    _ path: String, width: Int, wants: (String) -> Bool, take: (String, [Float]) -> Void
  ) throws(FormatError) -> String? {
    let bytes = try Gzip.read(path)
    var start = bytes.withoutByteOrderMark.startIndex
    var (number, promised, count) = (0, Int?.none, 0)
    var numbers = [Float](repeating: 0, count: width)
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let line = trimmed(bytes[start..<end])
      start = end + 1
      number += 1
      if line.isEmpty { continue }
      if number == 1, width > 1, let (words, size) = header(line) {
        guard size == width else {
          throw FormatError(
            .badData, file: path, at: .line(1),
            "expected vectors of \(width) numbers, got vectors of \(size)")
        }
        promised = words
        continue
      }
      let (word, fields) = split(line, width)
      let isLong = count == 0 && promised == nil && isLonger(word)
      guard !word.isEmpty, fields.count == width, !isLong else {
        let got = line.split(whereSeparator: isSpace).count
        throw FormatError(
          .badData, file: path, at: .line(number),
          "expected a word and \(width) numbers, got \(got) fields")
      }
      count += 1
      let text = String(decoding: word, as: UTF8.self)
      guard wants(text) else { continue }
      for (place, field) in fields.enumerated() {
        let field = String(decoding: field, as: UTF8.self)
        guard let value = Float(field), value.isFinite else {
          throw FormatError(
            .badData, file: path, at: .line(number), "expected a number, got \"\(field)\"")
        }
        numbers[place] = value
      }
      take(text, numbers)
    }
    guard let promised, promised != count else { return nil }
    let message = "the first line promises \(promised) words, the file has \(count)"
    guard abs(promised - count) == 1 else { throw FormatError(.badData, file: path, message) }
    return message
  }

  /// Whether the word of the first line, where nothing says how long vectors are, is one with numbers behind it: the
  /// vectors are longer than they should be.
  private static func isLonger(_ word: ArraySlice<UInt8>) -> Bool {
    let fields = word.split(whereSeparator: isSpace).dropFirst()
    return !fields.isEmpty
      && fields.allSatisfy { Float(String(decoding: $0, as: UTF8.self)) != nil }
  }

  /// How many words and how many numbers follow, where a line says that and nothing else.
  private static func header(_ line: ArraySlice<UInt8>) -> (words: Int, size: Int)? {
    let fields = line.split(whereSeparator: isSpace)
    guard fields.count == 2, let words = Int(String(decoding: fields[0], as: UTF8.self)),
      words >= 0, let size = Int(String(decoding: fields[1], as: UTF8.self))
    else { return nil }
    return (words, size)
  }

  /// The last fields of a line, at most `width`, and what stands before them.
  private static func split(
    _ line: ArraySlice<UInt8>, _ width: Int
  ) -> (word: ArraySlice<UInt8>, fields: [ArraySlice<UInt8>]) {
    var (rest, fields) = (line, [ArraySlice<UInt8>]())
    while fields.count < width, !rest.isEmpty {
      let start = rest.lastIndex(where: isSpace).map { $0 + 1 } ?? rest.startIndex
      fields.append(rest[start...])
      rest = trimmed(rest[..<start])
    }
    return (rest, fields.reversed())
  }

  /// Without spaces and the end of the line behind it.
  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let last = line.last, isSpace(last) { line.removeLast() }
    return line
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}
