public import GraphIR
import Kernels
public import TensorCore

/// A layer that takes means of values, weighted by how well their keys answer queries.
///
/// Inputs: queries [N, T, D], values [N, S, W] and keys [N, S, D], which are the values where they are absent; behind them
/// the mask of the values. The output [N, T, W] has the queries' steps.
public protocol AttendingLayer: MaskedLayer, IncrementalLayer {
  /// Whether step t sees only the steps 0...t.
  var useCausalMask: Bool { get }
  /// The share of weights that are dropped in training.
  var dropout: Double { get }
}

extension AttendingLayer {
  public func maskedInput(of count: Int) -> Int { 1 }

  public func keptMask(of count: Int) -> Int? { 0 }

  public static var isBounded: Bool { false }

  // Queries know nothing of each other, so one is as good as all.
  public func incremental(for inputs: [Shape], stepped: [Bool]) throws(ShapeError) -> any Layer {
    if stepped.dropFirst().contains(true) {
      throw ShapeError(
        "keeps no values of earlier steps, so it cannot be run step by step where its values come so; "
          + "multi_head_attention can")
    }
    if useCausalMask {
      throw ShapeError(
        "knows no steps by their numbers, so it cannot be run step by step with use_causal_mask")
    }
    return self
  }

  /// Where the keys are among so many inputs beside the mask.
  private func keyInput(of count: Int) -> Int { count == 3 ? 2 : 1 }

  /// The number of the keys among the inputs.
  func keyInput<S: Scalar>(_ pass: Pass<S>) -> Int {
    keyInput(of: pass.inputs.count - (isMasked ? 1 : 0))
  }

  /// The extents for inputs that fit.
  func geometry(for inputs: [Shape], isScaled: Bool) throws(ShapeError) -> AttentionGeometry {
    var inputs = inputs
    let mask = isMasked ? inputs.popLast() : nil
    let areSequences = (2...3).contains(inputs.count) && inputs.allSatisfy { $0.rank == 3 }
    guard areSequences, let key = inputs.last, key[2] == inputs[0][2], key[1] == inputs[1][1],
      inputs.allSatisfy({ $0[0] == key[0] })
    else {
      throw ShapeError(
        expects: "a query [N, T, D] and a value [N, S, D], or behind them a key [N, S, D] beside a "
          + "value of any width", got: inputs)
    }
    if let mask, mask.dimensions != [key[0], key[1]] {
      throw ShapeError(expects: "a mask [N, S]", got: [mask])
    }
    return AttentionGeometry(
      batch: key[0], heads: 1, queries: inputs[0][1], keys: key[1], width: key[2],
      valueWidth: inputs[1][2], isCausal: useCausalMask, isScaled: isScaled)
  }

  func geometry<S: Scalar>(_ pass: Pass<S>, isScaled: Bool) -> AttentionGeometry {
    let (query, value) = (pass.inputs[0].shape, pass.inputs[1].shape)
    return AttentionGeometry(
      batch: query[0], heads: 1, queries: query[1], keys: value[1], width: query[2],
      valueWidth: value[2], isCausal: useCausalMask, isScaled: isScaled)
  }

  /// What all of them have: the output, what backward reads, and the products with the values.
  func signature(_ geometry: AttentionGeometry, inputs: [Shape]) throws(ShapeError) -> Signature {
    var signature = Signature(
      outputs: [
        try Shape(checked: [geometry.batch, geometry.queries, geometry.valueWidth])
      ])
    signature.retains = Set(inputs.indices.map { .input($0) } + [.output(0)])
    if isMasked { signature.undifferentiable.insert(inputs.count - 1) }
    signature.products = [
      .init(
        rows: geometry.queries, columns: geometry.valueWidth, inner: geometry.keys,
        count: geometry.batch)
    ]
    return signature
  }

  func mask<S: Scalar>(_ pass: Pass<S>) -> KeyMask<S>? {
    guard isMasked, let mask = pass.inputs.last else { return nil }
    return KeyMask(mask.base, keys: mask.shape[1])
  }

  func dropping<S: Scalar>(_ pass: Pass<S>) -> Kernels.Attention.Dropping? {
    pass.isTraining && dropout > 0 ? .init(rate: dropout, random: pass.random) : nil
  }
}
