import ArgumentParser
import Training

/// How a model of text writes.
struct TextOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The text to go on from, or to answer. Without it standard input is read: as a whole, or a text a line for a model that answers.",
      valueName: "text"))
  var prompt: String?

  @Option(
    help: ArgumentHelp(
      "How many tokens are written at most; an answer has no more than the context of the model.",
      valueName: "count"))
  var tokens = 500

  @Option(
    help: "What scores are divided by before one is drawn; 0 always takes the best token.")
  var temperature = 1.0

  @Option(help: ArgumentHelp("Draw among the so many best tokens only.", valueName: "count"))
  var topK: Int?

  @Option(
    help: ArgumentHelp(
      "Draw among the best tokens whose probabilities add up to this only.", valueName: "share"))
  var topP: Double?

  @Option(
    help: ArgumentHelp(
      "What makes tokens that were there less likely: their scores are divided by it.",
      valueName: "factor"))
  var repetitionPenalty = 1.0

  @Option(
    name: .customLong("stop"),
    help: ArgumentHelp("Stop before this text; several can be given.", valueName: "text"))
  var stops: [String] = []

  @Option(
    help: ArgumentHelp(
      "Search for the likeliest text, following so many beginnings, instead of drawing.",
      valueName: "count"))
  var beams: Int?

  @Option(
    help: ArgumentHelp(
      "The power of its length that a text's logarithmic probability is divided by, for --beams.",
      valueName: "power"))
  var lengthPenalty = 1.0

  func validate() throws {
    func check(_ isRight: Bool, _ message: String) throws {
      if !isRight { throw ValidationError(message) }
    }
    try check((1...10_000_000).contains(tokens), "--tokens is from 1 to 10000000, got \(tokens)")
    try check(
      temperature >= 0 && temperature.isFinite, "--temperature is at least 0, got \(temperature)")
    try check(topK.map { $0 > 0 } ?? true, "--top-k is at least 1, got \(topK ?? 0)")
    try check(
      topP.map { $0 > 0 && $0 <= 1 } ?? true, "--top-p is above 0 and at most 1, got \(topP ?? 0)")
    try check(
      repetitionPenalty > 0 && repetitionPenalty.isFinite,
      "--repetition-penalty is above 0, got \(repetitionPenalty)")
    try check(stops.allSatisfy { !$0.isEmpty }, "--stop is not empty")
    try check(
      beams.map { (1...1024).contains($0) } ?? true, "--beams is from 1 to 1024, got \(beams ?? 0)")
    try check(lengthPenalty.isFinite, "--length-penalty is a number, got \(lengthPenalty)")
  }

  func request(seed: UInt64) -> TextGeneration.Request {
    var request = TextGeneration.Request()
    (request.sampler.temperature, request.sampler.top) = (temperature, topK)
    (request.sampler.mass, request.sampler.repetitionPenalty) = (topP, repetitionPenalty)
    (request.sampler.seed, request.count, request.stops) = (seed, tokens, stops)
    (request.beams, request.lengthPenalty) = (beams, lengthPenalty)
    return request
  }
}
