import Compilation
public import Datasets
import Settings
import TensorCore

/// Principal components as a model of two linear networks, so that whatever is done with a trained model is done with them.
///
///     encoder: code = Vᵀ x - Vᵀ m        decoder: x = V code + m
///
/// Whitened, every number of a code has the variance 1: the encoder's rows are divided by the square root of λ, the
/// decoder's are multiplied by it.
public struct ComponentModel: Sendable {
  public let components: PrincipalComponents
  private let isWhitened: Bool
  private let field: DataField

  /// - Parameter field: whose components they are.
  /// Throws: `Problems` where whitening would divide by no variance.
  public init(
    _ components: PrincipalComponents, of field: DataField, isWhitened: Bool
  ) throws(Problems) {
    let least = (components.variances.first ?? 0) * 1e-12
    if isWhitened, let number = components.variances.firstIndex(where: { $0 <= least }) {
      throw Problems(
        Problem("the rows do not differ along component \(number + 1), which cannot be whitened"))
    }
    (self.components, self.field, self.isWhitened) = (components, field, isWhitened)
  }

  /// Writes a checkpoint that looks like one of a finished run; gives the document in it.
  ///
  /// - Parameter data: those that the components were computed of.
  /// Throws: what does not fit, and `FormatError` where it cannot be written.
  func write(_ path: String, name: String, seed: UInt64, data: OpenData) throws -> JSON {
    let experiment = try Experiment(document(name: name, seed: seed, data: data.fitted))
    let objectives = try Objective.all(
      of: experiment.stages[0], networks: experiment.networks, fields: data.fields)
    let store = try ParameterStore<Float>(for: [try objectives[0].evaluationPlan(batch: 1)])
    for (name, values) in parameters {
      guard let entry = store.parameter(name) else {
        preconditionFailure("the model has no parameter \(name)")
      }
      for (index, value) in values.enumerated() {
        store.values.base[entry.offset + index] = Float(value)
      }
    }
    var progress = Progress()
    progress.isFinished = true
    let document = experiment.document(fitted: data.fitted)
    try Checkpoint.write(
      path, document: document, progress: progress, fields: data.fields, tensors: store.tensors)
    return document
  }

  /// The parameters by name; kernels are [F, K] and [K, F].
  private var parameters: [(name: String, values: [Double])] {
    let (count, size) = (components.count, field.shape.count)
    let scales = components.variances.map { isWhitened ? $0.squareRoot() : 1 }
    var encoding = [Double](repeating: 0, count: size * count)
    var decoding = components.directions
    var offsets = [Double](repeating: 0, count: count)
    for k in 0..<count {
      for i in 0..<size {
        let element = components.directions[k * size + i]
        encoding[i * count + k] = element / scales[k]
        decoding[k * size + i] = element * scales[k]
        offsets[k] -= element / scales[k] * components.mean[i]
      }
    }
    return [
      ("encoder/components/kernel", encoding), ("encoder/components/bias", offsets),
      ("decoder/values/kernel", decoding), ("decoder/values/bias", components.mean),
    ]
  }

  private func document(name: String, seed: UInt64, data: DataSpec) -> JSON {
    let encoder: JSON = [
      "inputs": JSON(.object([.init(field.name, field.shape.dimensions.json)])),
      "layers": [
        ["type": "flatten"],
        ["type": "dense", "name": "components", "units": components.count.json],
      ],
    ]
    let decoder: JSON = [
      "inputs": ["code": [components.count.json]],
      "layers": [
        ["type": "dense", "name": "values", "units": field.shape.count.json],
        ["type": "reshape", "target_shape": field.shape.dimensions.json],
      ],
    ]
    let objective: JSON = [
      "name": "components",
      "layers": [
        ["name": "code", "type": "network", "network": "encoder", "inputs": field.name.json],
        ["name": "reconstruction", "type": "network", "network": "decoder"],
        [
          "name": "squared_error", "type": "mean_squared_error", "reduction": "batch_mean",
          "inputs": ["reconstruction", field.name.json],
        ],
      ],
      "minimize": ["squared_error": 1],
      "optimizer": ["type": "sgd", "learning_rate": 0.001],
    ]
    return [
      "name": name.json,
      "description":
        "\(components.count)\(isWhitened ? " whitened" : "") principal components".json,
      "seed": Int(seed).json, "data": data.json,
      "model": ["networks": ["encoder": encoder, "decoder": decoder]],
      "training": ["batch_size": 128, "steps": 0, "objectives": [objective]],
    ]
  }
}
