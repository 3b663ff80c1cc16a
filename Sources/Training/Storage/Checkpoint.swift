import Compilation
public import Datasets
import Formats
import GraphIR
public import Settings
import TensorCore

/// A file that holds a trained model: weights, the document that describes it, and where training stood.
///
/// It is a safetensors file. Tensors are named as parameters are; moments of optimizers stand under
/// `optimizer/`, moving averages under `average/`. The metadata hold `document`, `progress` and `fields` as JSON. Nothing
/// in it depends on the time, the machine's name or the number of threads.
public struct Checkpoint: Sendable {
  public static let optimizerPrefix = "optimizer/"
  public static let averagePrefix = "average/"
  public static let carriedPrefix = "carried/"

  public let path: String
  /// The experiment's document.
  public let document: JSON
  /// What the rows hold that it was trained on; nil where it does not say.
  public let fields: [DataField]?
  let progress: Progress
  private let file: SafetensorsFile

  /// Reads the header; tensors are read when they are asked for.
  ///
  /// Throws: `FormatError` for a file that is no checkpoint of ours, `Problems` for one whose metadata are wrong.
  public init(_ path: String) throws {
    self.path = path
    do throws(FormatError) {
      file = try SafetensorsFile(path)
    } catch {
      guard error.kind == .badData, path.hasSuffix(".json") else { throw error }
      throw FormatError(
        .badData, file: path,
        "is JSON, as configurations are; expected a checkpoint or the folder of a run, which "
          + "\"dlcli train \(path)\" makes"
      )
    }
    document = try Self.json("document", file, path)
    var problems = Problems()
    let progress = Progress.read(try Self.json("progress", file, path), at: "", &problems)
    fields =
      file.metadata["fields"] == nil
      ? nil : [DataField].read(try Self.json("fields", file, path), at: "", &problems)
    try problems.throwIfAny()
    self.progress = progress ?? Progress()
  }

  /// Whether it is of this document. One that an earlier version wrote lacks settings that are new since: these are
  /// what they are where nothing is said.
  func isOf(_ other: JSON) -> Bool {
    document == other || (try? Experiment(document))?.document == other
  }

  private static func json(
    _ key: String, _ file: SafetensorsFile, _ path: String
  ) throws -> JSON {
    guard let text = file.metadata[key] else {
      throw FormatError(
        .badData, file: path,
        "no checkpoint of dlcli: its metadata have no \"\(key)\", only "
          + file.metadata.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return try JSONParser.parse(Array(text.utf8), file: path)
  }

  /// Writes a checkpoint: aside, synced, then put in the place of the one before.
  static func write(
    _ path: String, document: JSON, progress: Progress, fields: [DataField],
    tensors: [(name: String, view: View<Float>)]
  ) throws(FormatError) {
    try SafetensorsWriter.write(
      path,
      tensors.map {
        SafetensorsTensor(
          $0.name, .float32, shape: $0.view.shape.dimensions,
          memory: UnsafeRawBufferPointer(
            start: $0.view.base, count: $0.view.count * MemoryLayout<Float>.stride))
      },
      metadata: [
        "dlcli": Version.number, "document": document.text(), "progress": progress.json.text(),
        "fields": fields.json.text(),
      ])
  }

  /// The names of all tensors.
  var names: [String] { file.entries.map(\.name) }

  /// Copies tensors to where they belong.
  ///
  /// Throws: one `FormatError` that lists every tensor that is missing or has another shape.
  func restore(_ wanted: [(name: String, view: View<Float>)]) throws(FormatError) {
    try check(wanted)
    for (name, view) in wanted {
      try file.read(name, into: UnsafeMutableBufferPointer(start: view.base, count: view.count))
    }
  }

  /// Looks for tensors without copying them.
  ///
  /// Throws: one `FormatError` that lists every tensor that is missing or has another shape.
  func check(_ wanted: [(name: String, view: View<Float>)]) throws(FormatError) {
    let misfits = wanted.compactMap { name, view -> String? in
      guard let tensor = file[name] else { return "\(name) \(view.shape) is missing" }
      return tensor.shape == view.shape.dimensions
        ? nil : "\(name) is \(Shape(tensor.shape)), the model's is \(view.shape)"
    }
    guard misfits.isEmpty else {
      throw FormatError(
        .badData, file: path, "does not fit the model: " + misfits.joined(separator: "; "))
    }
  }

  /// The numbers of a tensor of two axes, by rows.
  ///
  /// Throws: `Problems` for a name that no tensor bears and for other axes, `FormatError` where it cannot be read.
  func matrix(_ name: String) throws -> (height: Int, width: Int, values: [Double]) {
    guard let tensor = file[name] else {
      throw Problems(
        Problem("\(path): no tensor is named \"\(name)\"" + suggestion(for: name, among: names)))
    }
    guard tensor.shape.count == 2 else {
      throw Problems(
        Problem("\(path): \"\(name)\" is \(Shape(tensor.shape)); expected a matrix of two axes"))
    }
    var values = [Double](repeating: 0, count: tensor.shape[0] * tensor.shape[1])
    try values.withUnsafeMutableBufferPointer { try file.read(name, into: $0) }
    return (tensor.shape[0], tensor.shape[1], values)
  }

  /// What `restore` does not know: tensors of a model that this one is not.
  func unexpected(besides wanted: [String]) -> [String] {
    let known = Set(wanted)
    return names.filter {
      !known.contains($0) && !$0.hasPrefix(Self.optimizerPrefix)
        && !$0.hasPrefix(Self.averagePrefix) && !$0.hasPrefix(Self.carriedPrefix)
    }
  }
}
