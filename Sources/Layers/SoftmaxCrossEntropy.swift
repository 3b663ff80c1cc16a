public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = Σ_m Σ_c a[m, c] (-ln softmax(z)[m, c]) / M, from logits z, where a is the smoothed and weighted target.
public struct SoftmaxCrossEntropy: Loss, MaskedLayer {
  public static let type = "softmax_cross_entropy"
  public static let manual = """
    How badly logits predict one class out of C.

    L = sum over m, c of a[m, c] (-ln softmax(z)[m, c]) / M
    a[m, c] = class_weights[c] ((1 - label_smoothing) t[m, c] + label_smoothing / C)

    The network ends without a softmax, which is part of the loss.
    Inputs: logits z [N, ..., C], whose M rows are all axes but the last, and targets: either class
    numbers 0 ..< C, of shape [N, ...] or [N, ..., 1], or distributions t, of the shape of the logits
    (one-hot, or smooth); the shape decides. Output []. Targets get no gradient.
    The mean is over rows, whatever their weights, as Keras weights classes; PyTorch divides by the sum
    of the weights of the class numbers instead, and is the same without class_weights. Steps of
    sequences that a mask of the logits calls padding do not count, neither in the sum nor in M.
    """
  public static let fields = [
    Field(
      "label_smoothing", \SoftmaxCrossEntropy.labelSmoothing, .within(0..<1),
      "How much of each target is spread over all classes."),
    Field(
      "class_weights", \SoftmaxCrossEntropy.classWeights, .each(.atLeast(0)),
      "How much each of the C classes counts; 1 if absent."),
  ]

  public static let scale = PredictionScale.logits

  public var labelSmoothing = 0.0
  public var classWeights: [Double]?
  public var isMasked = false

  public init() {}

  public init(labelSmoothing: Double = 0, classWeights: [Double]? = nil) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == (isMasked ? 3 : 2), let logits = inputs.first, logits.rank >= 2,
      inputs[1] == logits || Self.holdsClasses(inputs[1], logits),
      !isMasked || inputs[2] == logits.dropLast
    else {
      throw ShapeError(
        expects: "logits [N, ..., C] and targets, class numbers [N, ...] or distributions "
          + "[N, ..., C]", got: inputs)
    }
    if let classWeights, classWeights.count != logits.last {
      throw ShapeError(
        expects: "logits of as many classes as class_weights has, \(classWeights.count)",
        got: inputs)
    }
    var signature = Signature(outputs: [[]])
    let rows = logits.dropLast.count
    // For each row ln Σ exp z and Σ a; the losses of the rows; class_weights.
    signature.saved = [[rows], [rows]]
    signature.forwardScratch = [[classWeights?.count ?? 0], [rows]]
    signature.backwardScratch = [[classWeights?.count ?? 0]]
    signature.retains = [.input(0), .input(1)]
    signature.overwritesInput = true
    signature.undifferentiable = [1]
    if isMasked {
      signature.retains.insert(.input(2))
      signature.undifferentiable.insert(2)
    }
    signature.values = [
      1: inputs[1] == logits ? .unitInterval : .integers(below: logits.last)
    ]
    return signature
  }

  private static func holdsClasses(_ targets: Shape, _ logits: Shape) -> Bool {
    targets == logits.dropLast || targets.dimensions == logits.dropLast.dimensions + [1]
  }

  public func keptMask(of count: Int) -> Int? { nil }

  private func mask<S: Scalar>(_ pass: Pass<S>) -> UnsafePointer<S>? {
    isMasked ? UnsafePointer(pass.inputs[2].base) : nil
  }

  /// M.
  private func count<S: Scalar>(_ pass: Pass<S>, rows: Int) -> Int {
    guard let mask = mask(pass) else { return rows }
    return max(1, (0..<rows).count { mask[$0] != 0 })
  }

  /// What is expected of the logits; class_weights are written to the first scratch.
  private func expectation<S: Scalar>(
    _ pass: Pass<S>
  ) -> Kernels.SoftmaxCrossEntropy.Expectation<S> {
    var weights: UnsafePointer<S>?
    if let classWeights {
      for index in classWeights.indices { pass.scratch[0][index] = S(classWeights[index]) }
      weights = UnsafePointer(pass.scratch[0].base)
    }
    let targets = pass.inputs[1]
    return .init(
      targets: targets.shape == pass.inputs[0].shape
        ? .distributions(targets.base) : .classes(targets.base),
      weights: weights, smoothing: S(labelSmoothing))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (logits, losses) = (pass.inputs[0], pass.scratch[1])
    Kernels.SoftmaxCrossEntropy.forward(
      logits.base, expectation(pass), losses: losses.base, logSums: pass.saved[0].base,
      totals: pass.saved[1].base, rows: losses.count, columns: logits.shape.last,
      mask: mask(pass), pool: pass.pool)
    // With a mask one after the other, so that the length of the padding does not matter.
    let sum =
      isMasked
      ? (0..<losses.count).reduce(0.0) { $0 + Double(losses[$1]) }
      : Reduction.sum(losses.base, count: losses.count, pool: pass.pool)
    pass.outputs[0][0] = S(sum / Double(count(pass, rows: losses.count)))
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let rows = pass.saved[0].count
    Kernels.SoftmaxCrossEntropy.backward(
      pass.inputs[0].base, expectation(pass),
      factor: pass.outputGradients[0][0] / S(count(pass, rows: rows)),
      logSums: pass.saved[0].base, totals: pass.saved[1].base, into: gradient.view.base,
      rows: rows, columns: pass.inputs[0].shape.last, mask: mask(pass),
      accumulate: gradient.accumulates, pool: pass.pool)
  }

  public static var samples: [Sample<SoftmaxCrossEntropy>] {
    var masked = SoftmaxCrossEntropy(labelSmoothing: 0.1)
    masked.isMasked = true
    let weighted = SoftmaxCrossEntropy(labelSmoothing: 0.2, classWeights: [0.5, 2, 1, 0])
    return [
      Sample(
        SoftmaxCrossEntropy(), inputs: [[3, 4], [3]], values: [.normal, .integers(below: 4)]),
      Sample(
        SoftmaxCrossEntropy(labelSmoothing: 0.1), inputs: [[2, 3, 5], [2, 3, 1]],
        values: [.normal, .integers(below: 5)]),
      Sample(weighted, inputs: [[5, 4], [5]], values: [.normal, .integers(below: 4)]),
      Sample(
        SoftmaxCrossEntropy(), inputs: [[3, 4], [3, 4]], values: [.normal, .distributions]),
      Sample(weighted, inputs: [[3, 4], [3, 4]], values: [.normal, .distributions]),
      Sample(
        masked, inputs: [[2, 3, 4], [2, 3], [2, 3]],
        values: [.normal, .integers(below: 4), .binary]),
    ]
  }
}
