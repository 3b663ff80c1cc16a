import Formats
public import Settings
import TensorCore

/// Sounds in WAV files, as the power of their frequencies over time
public struct AudioReader: Reader {
  public var path = FilePath("")
  public var list: FilePath?
  var pattern: NamePattern?
  public var only: [String: [String]] = [:]
  public var except: [String: [String]] = [:]
  public var hasLabels = true
  public var classes: [String]?
  public var onBadRow = BadRowPolicy.error
  public var sampleRate = 16000
  public var frames = 1
  public var frameLength = 400
  public var frameStep = 160
  public var mels = 40
  public var lowestFrequency = 20.0
  public var highestFrequency: Double?
  public var audioField = "audio"
  public var labelField = "label"

  public init() {}

  public static let type = "audio"
  public static let manual = """
    Sounds in WAV files, as the logarithms of their power in bands of frequency over time: log-mel features.

    A row is [T, F] in the field "audio": T = "frames" points of time, F = "mels" bands. Frame t is the L = "frame_length"
    samples from t "frame_step" on, times Hann's window w[n] = (1 - cos(2 pi n / L)) / 2, and zeros up to N, the next power
    of two; P[t, k] = |X[k]|^2 of its Fourier transform, k from 0 to N / 2. Band b is a triangle over the frequencies
    k rate / N that rises from 0 at F[b] to 1 at F[b + 1] and falls to 0 at F[b + 2]; the F lie evenly on the scale
    mel(f) = 2595 log10(1 + f / 700) between "lowest_frequency" and "highest_frequency". Then

        y[t, b] = ln(sum_k triangle[b, k] P[t, k] + 1e-6)

    A sound that is longer than T frames is cut, behind a shorter one is silence (ln 1e-6). Several channels become their
    mean. The transform "standardize" gives every band the mean 0 and the deviation 1.

    All files below the folder that end in .wav are rows, in the order of their names. The label comes from the name:
    "pattern" says what its parts mean, {label} in it is the class; {label}/{name}, where it is left out, are folders of
    classes. "only" and "except" choose files by the other words: {"speaker": ["theo"]}. A "list" names the files instead, a
    line each: PATH LABEL. The classes are 0 to the largest where every label is a whole number, else the different texts
    in the order of their bytes, as the training data have them.

    Files are RIFF WAVE with PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64; all have the sample rate that is said.
    Where a program that wrote into a pipe left no size, the samples go to the end of the file; a file that is shorter than
    it says is an error.

    Names that begin with a dot, the folder __MACOSX and files that do not end in .wav are left out, and a note counts
    them. With "on_bad_row": "skip" a file is left out that is damaged or not there, and a line of a list that is no
    row; a file of another sample rate, a name that the pattern does not fit and a label that is none of the known
    classes stay errors. Rows are then numbered as they are taken.
    """
  public static let fields: [Field<AudioReader>] = [
    Field("path", \.path, required: true, "the folder of the files").example("recordings"),
    Field("list", \.list, "a file that lists the files, relative to \"path\", and their labels"),
    Field("pattern", \.pattern, "what the parts of a file's name within the folder mean"),
    Field("only", \.only, "for words of the pattern, the texts of the files to take"),
    Field("except", \.except, "for words of the pattern, the texts of the files to leave out"),
    Field("labels", \.hasLabels, "whether the files have classes"),
    Field(
      "classes", \.classes, .distinct(),
      "the labels in the order of their classes; from the training data where left out"),
    Field("on_bad_row", \.onBadRow, BadRowPolicy.documentation),
    Field(
      "sample_rate", \.sampleRate, .within(1...1 << 20), "the samples a second of all files"),
    Field("frames", \.frames, required: true, .within(1...1 << 16), "T, the frames of a row")
      .example(64),
    Field("frame_length", \.frameLength, .within(2...1 << 16), "L, the samples of a frame"),
    Field(
      "frame_step", \.frameStep, .within(1...1 << 16), "how many samples a frame begins later"),
    Field("mels", \.mels, .within(1...1024), "F, the bands of frequency"),
    Field("lowest_frequency", \.lowestFrequency, .atLeast(0), "where the first band begins, hertz"),
    Field(
      "highest_frequency", \.highestFrequency, .above(0),
      "where the last band ends; half the sample rate where left out"),
    Field("audio_field", \.audioField, "the name of the field of features"),
    Field("label_field", \.labelField, "the name of the field of labels"),
  ]

  public var contradiction: String? {
    if audioField == labelField {
      return "\"audio_field\" and \"label_field\" name the same field"
    }
    let highest = highestFrequency ?? Double(sampleRate) / 2
    guard lowestFrequency < highest, highest <= Double(sampleRate) / 2 else {
      return
        "expected frequencies from \"lowest_frequency\" up to half the sample rate, got \(lowestFrequency) to \(highest)"
    }
    if list != nil {
      return pattern == nil && only.isEmpty && except.isEmpty
        ? nil : "\"list\" goes without \"pattern\", \"only\" and \"except\""
    }
    let words = names.words
    if let word = (only.keys.sorted() + except.keys.sorted()).first(where: { !words.contains($0) })
    {
      return "the pattern has no word \"\(word)\"" + suggestion(for: word, among: words)
    }
    return hasLabels && !words.contains("label")
      ? "the pattern has no word \"label\"; \"labels\": false reads files without classes" : nil
  }

  private var names: NamePattern { pattern ?? .folders }

  public var paths: [FilePath] { [path] + [list].compactMap(\.self) }

  public var isFitted: Bool { !hasLabels || classes != nil }

  public func fitted(to fields: [DataField]) -> AudioReader {
    var fitted = self
    if hasLabels, classes == nil {
      fitted.classes = fields.first { $0.name == labelField }?.classNames
    }
    return fitted
  }

  public func anchored() -> AudioReader {
    var anchored = self
    anchored.path = path.anchored
    anchored.list = list?.anchored
    return anchored
  }

  /// A sound, or all sounds in a folder and those within it, whatever they are called.
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    guard fields == [audioField] else { return nil }
    let file = path.resolved
    // Who hands over rows wants an answer for each.
    var bad = BadRows(.error, in: file)
    if Directory.exists(file) {
      let names = try Directory.files(below: file).filter(Self.isSound)
      let sounds = try read(names.map { "\(file)/\($0)" }, of: file, &bad).sounds
      return FileRows(MemoryDataset(count: names.count, [sounds]), names: names)
    }
    guard Self.isSound(path.text) else { return nil }
    let sounds = try read([file], of: file, &bad).sounds
    return FileRows(MemoryDataset(count: 1, [sounds]), names: [path.text])
  }

  public var inputFiles: String? { "a WAV file, or a folder of them" }

  private static func isSound(_ name: String) -> Bool { name.lowercased().hasSuffix(".wav") }

  public func open() throws -> any Dataset {
    var bad = BadRows(onBadRow, in: list?.resolved ?? path.resolved)
    var others = LeftOutFiles()
    let listed = try entries(&bad, besides: &others)
    let (sounds, source, taken) = try read(listed.map(\.path), of: path.resolved, &bad)
    try bad.check(taken: taken.count)
    let entries = taken.map { listed[$0] }
    var columns = [sounds]
    if hasLabels {
      let labels = try NamedLabels(entries.map { $0.label ?? "" }, known: classes) {
        FormatError(.badData, file: entries[$0].path, $1)
      }
      columns.append(labels.column(labelField, classNames: labels.names))
    }
    return MemoryDataset(
      count: entries.count, columns, files: [source],
      notes: others.notes(of: path.resolved) + bad.notes(taken: entries.count))
  }

  /// The features of some files but for those that `bad` leaves out, what tells these files from others, and which were
  /// taken; `source` is where they are.
  ///
  /// Throws: `FormatError` where there are none, for one that is damaged, or that has another sample rate.
  private func read(
    _ files: [String], of source: String, _ bad: inout BadRows
  ) throws(FormatError) -> (
    sounds: (field: DataField, values: MemoryDataset.Values), source: SourceFile, taken: [Int]
  ) {
    guard files.count + bad.count > 0 else {
      throw FormatError(.badData, file: source, "expected WAV files, got none")
    }
    let logMel = LogMel(
      rate: sampleRate, length: frameLength, step: frameStep, bands: mels,
      frequencies: lowestFrequency...(highestFrequency ?? Double(sampleRate) / 2))
    var features: [Float] = []
    var taken: [Int] = []
    var hash = SHA256()
    var size = 0
    for (index, file) in files.enumerated() {
      let sound = try bad.value { () throws(FormatError) in
        let bytes = try FileBytes.read(file)
        hash.update(file.utf8)
        hash.update(bytes)
        size += bytes.count
        return try WAVFile(parsing: bytes, file: file)
      }
      guard let sound else { continue }
      taken.append(index)
      guard sound.sampleRate == sampleRate else {
        throw FormatError(
          .badData, file: file,
          "expected \(sampleRate) samples a second, as \"sample_rate\" says, got \(sound.sampleRate)"
        )
      }
      features += logMel.features(of: sound.mono, frames: frames)
    }
    return (
      (DataField(audioField, [frames, mels]), .floats(features)),
      SourceFile(path: source, size: size, sha256: hash.hexadecimal()), taken
    )
  }

  /// The files and their labels, but for lines of a list that `bad` leaves out; `others` counts files that are no
  /// sounds.
  ///
  /// Throws: `FormatError` for a name that the pattern does not fit.
  private func entries(
    _ bad: inout BadRows, besides others: inout LeftOutFiles
  ) throws(FormatError) -> [LabelledList.Entry] {
    let folder = path.resolved
    if let list {
      return try LabelledList.read(
        list.resolved, folder: folder, hasLabels ? .required : .absent, &bad)
    }
    var entries: [LabelledList.Entry] = []
    var found: [String: Set<String>] = [:]
    for name in try Directory.files(below: folder, hidden: { others.add($0) }) {
      guard Self.isSound(name) else {
        others.add(name)
        continue
      }
      guard let texts = names.match(name) else {
        throw FormatError(
          .badData, file: "\(folder)/\(name)", "expected a name like \(names.text)")
      }
      for (word, text) in texts { found[word, default: []].insert(text) }
      guard only.allSatisfy({ texts[$0.key].map($0.value.contains) ?? false }),
        except.allSatisfy({ texts[$0.key].map($0.value.contains) == false })
      else { continue }
      entries.append(.init(path: "\(folder)/\(name)", label: texts["label"], line: 0))
    }
    try checkChosen(among: found)
    return entries
  }

  /// Throws: `FormatError` with all texts of "only" and "except" that no file has.
  private func checkChosen(among found: [String: Set<String>]) throws(FormatError) {
    // Without files there is nothing to choose from, which is said elsewhere.
    guard !found.isEmpty else { return }
    let wrong = [("only", only), ("except", except)].flatMap { key, chosen in
      chosen.sorted { $0.key < $1.key }.flatMap { word, texts in
        let known = found[word] ?? []
        return texts.filter { !known.contains($0) }.map {
          "\"\(key)\": no file has the \(word) \"\($0)\""
            + suggestion(for: $0, among: known.sorted())
        }
      }
    }
    guard wrong.isEmpty else {
      throw FormatError(.badData, file: path.resolved, wrong.joined(separator: "; "))
    }
  }
}
