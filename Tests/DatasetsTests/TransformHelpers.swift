import Datasets
import Settings
import TensorCore
import Testing

/// The transform that a config describes.
func transform(_ text: String) throws -> any Transform {
  let json = try JSONParser.parse(Array(text.utf8), file: "test.json")
  var problems = Problems()
  let transform = transformRegistry.read(json, at: "t", &problems)
  try problems.throwIfAny()
  return try #require(transform)
}

/// A transform with what its manual shows for required keys.
func example(of variant: any Variant.Type) throws -> any Transform {
  func members<V: Variant>(_ variant: V.Type) -> [JSON.Member] {
    V.fields.filter(\.isRequired).map { .init($0.name, $0.example ?? "x") }
  }
  let json = JSON(.object([.init("type", JSON(.string(variant.type)))] + members(variant)))
  return try transform(json.text())
}

/// What a transform makes of one row.
func apply(
  _ transform: any Transform, _ field: DataField, _ values: [Float], row: Int = 0, epoch: Int = 0,
  isTraining: Bool = false, seed: UInt64 = 1
) throws -> [Float] {
  let bound = try transform.bound(to: field, random: RandomStream(seed: seed, name: "test"))
  let output = bound.output.shape.count
  var memory = values + [Float](repeating: .nan, count: max(0, output - values.count))
  try memory.withUnsafeMutableBufferPointer {
    guard let base = $0.baseAddress else { return }
    try bound.apply(base, RowContext(row: row, epoch: epoch, isTraining: isTraining))
  }
  return Array(memory.prefix(output))
}
