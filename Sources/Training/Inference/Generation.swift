import Datasets
public import Formats
import GraphIR
import ModelSpec
public import Settings
import TensorCore

/// What a network makes of noise, or of codes: pictures, or rows of numbers of any other kind.
///
/// An input that has the name of a field of classes is fed with classes, every other input with numbers of the standard normal
/// distribution, which are a function of the seed, the input's name and the row, or with codes.
public struct Generation: Sendable {
  /// What decides on the samples.
  public struct Request: Sendable {
    /// The network; the only one that can generate where nil.
    public var network: String?
    /// How many rows; as many as there are codes, else 64, where nil.
    public var count: Int?
    public var seed: UInt64 = 0
    /// The classes that the rows are of, in turn; all of them where there are none.
    public var labels: [Int] = []
    /// A file of rows to feed instead of noise: NPY.
    public var codes: String?
    /// The rows of noise or of codes from the first to the second of which the rows go in equal steps.
    public var ends: (Int, Int)?

    public init() {}
  }

  /// The rows, [count, ...].
  public let values: [Float]
  public let count: Int
  /// The class that each row was made of, where the network takes classes.
  public let labels: [Int]?
  /// The shape of a row.
  let shape: Shape
  /// What turns the rows into what the data hold; nil where the data have no such field or cannot be had back.
  private let scale: PixelScale?

  /// Throws: `Problems` where no network fits what is asked for, `FormatError` for codes, what the checkpoint lacks.
  public init(_ model: TrainedModel, _ request: Request, threads: Int) throws {
    let network = try model.generator(request.network)
    guard let source = network.outputs.first else {
      throw Problems(Problem("the network \"\(network.name)\" has no output"))
    }
    shape = try network.graph.rowShape(of: source)
    let codes = try request.codes.map { (path: $0, file: try NPYFile(reading: $0)) }
    let known = request.ends == nil ? codes?.file.dimensions.first : 10
    let wanted = request.count ?? known ?? 64
    var feeds = try network.graph.inputs.map { try model.feed($0, request, count: wanted) }
    if let codes { try feeds.take(codes.file, from: codes.path) }
    if let ends = request.ends { try feeds.interpolate(ends, steps: wanted) }
    let count = feeds.compactMap(\.count).min() ?? wanted
    try RowMemory.check(count, shape)
    let (size, extent) = (min(count, model.batchSize), shape.count)
    let inference = try Inference(
      model, network.graph, fetching: [source],
      sizes: Set(parts(of: count, each: size).map(\.count)), threads: threads)
    var values: [Float] = []
    values.reserveCapacity(count * extent)
    for part in parts(of: count, each: size) {
      let found = inference.forward(rows: part.count) { feeds[$0].fill($1, rows: part) }
      values += UnsafeBufferPointer(start: found[0].base, count: part.count * extent)
    }
    labels = feeds.lazy.compactMap(\.labels).first.map { Array($0.prefix(count)) }
    let row = shape
    let alike = model.fields.filter { $0.classes == nil && $0.shape == row }
    scale = alike.first.flatMap { field in
      model.data.flatMap { PixelScale(of: field, in: $0) }
    }
    (self.values, self.count) = (values, count)
  }

  /// The rows as pictures in a grid.
  ///
  /// - Parameter range: the numbers that are black and white; where nil, what the data's transforms make of the bytes 0 and 255.
  /// Throws: `Problems` where the rows are no pictures.
  public func picture(columns: Int, range: ClosedRange<Float>? = nil) throws(Problems)
    -> RasterImage
  {
    guard let picture = PictureShape(shape) else {
      throw Problems(
        Problem("expected pictures [H, W, C] of 1 or 3 channels; the network makes \(shape)"))
    }
    let grid = ImageGrid(
      columns: columns, of: picture, range: range ?? scale?.range ?? ClosedRange(of: values))
    return grid.image(of: values, picture)
  }

  /// The rows as the data would hold them, before any transform; as the network makes them where that cannot be undone.
  private var raw: [Float] {
    var raw = values
    if let scale { raw.withUnsafeMutableBufferPointer { scale.undo($0) } }
    return raw
  }

  /// Writes the rows as a file of data, which other commands take for their `--input`: NPY of 32-bit numbers, or IDX of bytes
  /// (rounded, from 0 to 255).
  ///
  /// Throws: `FormatError` where it cannot be written, or where transforms that cannot be undone leave no bytes.
  public func write(_ path: String) throws(FormatError) {
    let dimensions = shape.prepending(count).dimensions
    if path.hasSuffix(".npy") || path.hasSuffix(".npy.gz") {
      try NPYFile(dimensions: dimensions, values: .floats(raw)).write(path)
      return
    }
    guard scale != nil else {
      throw FormatError(
        .cannotCreate, file: path,
        "the data's transforms cannot be undone, so there are no bytes to write; .npy takes the numbers"
      )
    }
    let bytes = raw.map { $0 > 0 ? UInt8(min($0, 255).rounded()) : 0 }
    // IDX files have no axis of channels for grey, as those of MNIST.
    let extents = shape.rank == 3 && shape.last == 1 ? Array(dimensions.dropLast()) : dimensions
    try IDXFile(dimensions: extents, values: .bytes(bytes)).write(path)
  }

  /// Writes the classes of the rows as an IDX file.
  ///
  /// Throws: `FormatError` where it cannot be written, `Problems` where the rows are of no class.
  public func writeLabels(_ path: String) throws {
    guard let labels else {
      throw Problems(Problem("the network takes no classes, so its rows have no labels"))
    }
    let values: IDXValues =
      labels.allSatisfy { $0 < 256 }
      ? .bytes(labels.map { UInt8($0) }) : .integers(labels.map { Int32($0) })
    try IDXFile(dimensions: [count], values: values).write(path)
  }
}

extension TrainedModel {
  /// The network of a name; without one, the only network that reads something else than the data and makes rows like theirs.
  fileprivate func generator(_ name: String?) throws(Problems) -> Network {
    let all = experiment.networks.all
    if let name {
      if let network = all.first(where: { $0.name == name }) { return network }
      throw Problems(
        Problem(
          "no network is called \"\(name)\"" + suggestion(for: name, among: all.map(\.name))))
    }
    let shapes = fields.filter { $0.classes == nil }.map(\.shape)
    let found = all.filter { network in
      let isFed = network.graph.inputs.contains { input in
        !fields.contains { $0.name == input.name && $0.shape == input.shape }
      }
      let shape = network.outputs.first.flatMap { try? network.graph.rowShape(of: $0) }
      return isFed && shape.map(shapes.contains) ?? false
    }
    guard let network = found.first, found.count == 1 else {
      throw Problems(
        Problem(
          "--network says which network generates; the model has " + quoted(all.map(\.name))))
    }
    return network
  }

  /// What an input of a generating network is fed with.
  fileprivate func feed(
    _ input: Graph.Input, _ request: Generation.Request, count: Int
  ) throws(Problems) -> GeneratorFeed {
    let field = fields.first { $0.name == input.name && $0.classes != nil }
    guard let classes = field?.classes else {
      return GeneratorFeed(
        name: input.name, shape: input.shape,
        source: .noise(RandomStream(seed: request.seed, name: "generate/\(input.name)")))
    }
    guard input.shape.count == 1 || input.shape == [classes] else {
      throw Problems(
        Problem("the input \"\(input.name)\" \(input.shape) can take no class", at: input.place))
    }
    if let wrong = request.labels.first(where: { !(0..<classes).contains($0) }) {
      throw Problems(
        Problem("the data have \(classes) classes, from 0; there is no class \(wrong)"))
    }
    let turn = request.labels.isEmpty ? Array(0..<classes) : request.labels
    let labels = (0..<count).map { turn[$0 % turn.count] }
    return GeneratorFeed(name: input.name, shape: input.shape, source: .labels(labels))
  }
}
