import ArgumentParser
import Formats
import Foundation
import Training

/// `dlcli generate`: what a network makes of noise or of codes, or writes.
struct Generate: ParsableCommand, Coloring, Computing {
  static let configuration = CommandConfiguration(
    abstract: "Generate text from a prompt, or pictures or other rows from noise or from codes.",
    discussion: """
      A model of text writes to standard output as it goes: on from the prompt, or, where it reads one text and \
      writes another, a line for each line. The same seed gives the same text. Attention and position vectors have a \
      context, as many tokens as in training: of a longer prompt the last ones are seen, and when it is full the \
      second half of it begins a new one; an answer ends with it. That is so whether tokens are drawn or searched \
      for (--beams). A text to answer is cut as in training.

      The end of the file's name says what is written: .png a grid of pictures; .idx (or .idx.gz) bytes and .npy numbers, as the \
      data hold them before their transforms, which other commands take for --input. The noise follows from --seed, the \
      input's name and the number of the row. Where the network takes classes, the rows are of all classes in turn.

      How well another checkpoint recognises what was generated:
        dlcli generate runs/digits --count 10000 --output fakes.idx --labels-output labels.idx
        dlcli eval runs/classifier --set data.test.images=fakes.idx --set data.test.labels=labels.idx
        dlcli predict runs/classifier --input fakes.idx
      """)

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(
    help:
      "The network that generates; by default the only one that makes rows like the data's of something else."
  )
  var network: String?

  @Option(help: "How many rows; by default as many as the grid has, as there are codes, or 64.")
  var count: Int?

  @OptionGroup(title: "Text options") var text: TextOptions

  @Option(help: "The seed of the noise, and of what is drawn.")
  var seed: UInt64 = 0

  @Option(
    name: .customLong("label"),
    help: ArgumentHelp(
      "A class that the rows are of; several are taken in turn.", valueName: "class"))
  var labels: [Int] = []

  @Option(
    help: ArgumentHelp("Rows to feed instead of noise, such as encode writes.", valueName: "npy"),
    completion: .file(extensions: ["npy"]))
  var codes: String?

  @Option(
    help: ArgumentHelp(
      "Go in equal steps from one row of the noise or of the codes to another.",
      valueName: "A..B"))
  var interpolate: RowPair?

  @OptionGroup var picture: PictureOptions

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "The file to write, but for text: .png, .idx, .idx.gz or .npy.", valueName: "file"),
    completion: .file(extensions: ["png", "idx", "npy"]))
  var file: String?

  @Option(help: ArgumentHelp("An IDX file for the classes of the rows.", valueName: "file"))
  var labelsOutput: String?

  @OptionGroup var computing: ComputingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let file, ![".png", ".idx", ".idx.gz", ".npy", ".npy.gz"].contains(where: file.hasSuffix) {
      throw ValidationError("--output ends in .png, .idx, .idx.gz or .npy, got \"\(file)\"")
    }
    if file != nil, text.prompt != nil {
      throw ValidationError(
        "--prompt begins a text, which goes to standard output without --output")
    }
    if let count, !(1...10_000_000).contains(count) {
      throw ValidationError("--count is from 1 to 10000000, got \(count)")
    }
  }

  func run() throws {
    for file in [file, labelsOutput].compactMap(\.self) {
      try OutputPath.check(file, isNoneOf: [checkpoint.file, codes])
    }
    let model = try checkpoint.loadModel()
    if let file {
      try generate(model, to: file)
    } else if model.isOfText {
      let others = optionsOfRows
      guard others.isEmpty else {
        throw ValidationError(
          "the checkpoint is of a model of text: \(others.joined(separator: ", ")) ask for rows of a network, "
            + "which --output writes to a file")
      }
      try write(model)
    } else {
      throw ValidationError("--output is missing: the file to write")
    }
  }

  /// The options given that a model of text has no use for.
  private var optionsOfRows: [String] {
    [
      ("--network", network != nil), ("--count", count != nil), ("--label", !labels.isEmpty),
      ("--codes", codes != nil), ("--interpolate", interpolate != nil),
      ("--grid", picture.grid != nil), ("--range", picture.range != nil),
      ("--labels-output", labelsOutput != nil),
    ].filter(\.1).map(\.0)
  }

  /// Text, to standard output.
  private func write(_ model: TrainedModel) throws {
    let generation = try TextGeneration(
      model, text.request(seed: seed), threads: computing.threads)
    func write(_ prompt: String) throws {
      var output = StandardOutput()
      var failure: (any Error)?
      try generation.write(prompt) { piece in
        // Piece by piece, for people to read along.
        do {
          try output.write(piece)
          try output.flush()
        } catch { failure = failure ?? error }
      }
      try output.write("\n")
      try output.flush()
      if let failure { throw failure }
    }
    if let prompt = text.prompt { return try write(prompt) }
    var input = StandardInput()
    if generation.answers {
      while let line = input.nextLine() { try write(line) }
    } else {
      var lines: [String] = []
      while let line = input.nextLine(strippingNewline: false) { lines.append(line) }
      try write(lines.joined())
    }
  }

  private func generate(_ model: TrainedModel, to file: String) throws {
    let isPicture = file.hasSuffix(".png")
    var request = Generation.Request()
    request.count = count ?? picture.grid?.count
    (request.network, request.seed, request.labels) = (network, seed, labels)
    (request.codes, request.ends) = (codes, interpolate.map { ($0.first, $0.last) })
    let generation = try Generation(
      model, request, threads: computing.threads)
    if isPicture {
      let columns = picture.grid?.columns ?? (interpolate == nil ? 8 : generation.count)
      try PNGFile.write(
        file, try generation.picture(columns: columns, range: picture.range?.values))
    } else {
      try generation.write(file)
    }
    if let labelsOutput { try generation.writeLabels(labelsOutput) }
  }
}

/// Two rows: `0..7`.
struct RowPair: ExpressibleByArgument {
  let first: Int
  let last: Int

  init?(argument: String) {
    let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, let first = Int(parts[0]), let last = Int(parts[2]),
      (0...1 << 31).contains(first), (0...1 << 31).contains(last)
    else { return nil }
    (self.first, self.last) = (first, last)
  }
}
