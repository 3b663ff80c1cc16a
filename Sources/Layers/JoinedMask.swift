public import GraphIR
public import Settings
public import TensorCore

/// y = [1, ..., 1, m_1, m_2, ...], the masks of sequences that were put behind one another.
public struct JoinedMask: Layer {
  public static let type = "joined_mask"
  public static let manual = """
    Tells which steps of joined sequences are padding, from the masks of the sequences.

    y[n] = [1, ..., 1, m_1[n], m_2[n], ...]

    Inputs for each sequence its mask [N, T_i], or where masked says so the sequence [N, T_i, ...]
    itself, of which then all steps count; output [N, steps_before + T_1 + T_2 + ...], without a
    gradient. Layers that put sequences behind one another put one into the graph by themselves.
    """
  public static let fields = [
    Field(
      "steps_before", \JoinedMask.stepsBefore, .within(0...1 << 20),
      "How many steps that count stand in front."),
    Field(
      "masked", \JoinedMask.masked, "For each input whether it is a mask; all are where left out."),
  ]

  public var stepsBefore = 0
  public var masked: [Bool]?

  public init() {}

  public init(stepsBefore: Int = 0, masked: [Bool]? = nil) {
    (self.stepsBefore, self.masked) = (stepsBefore, masked)
  }

  private func isMask(_ input: Int) -> Bool { masked.map { $0[input] } ?? true }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard let first = inputs.first, masked.map({ $0.count == inputs.count }) ?? true,
      inputs.enumerated().allSatisfy({
        $1.rank >= 2 && $1[0] == first[0] && ($1.rank == 2 || !isMask($0))
      })
    else {
      throw ShapeError(expects: "masks [N, T], or sequences where masked says so", got: inputs)
    }
    var total = stepsBefore
    for input in inputs {
      let sum = total.addingReportingOverflow(input[1])
      guard !sum.overflow else { throw ShapeError("would make a tensor that is too large") }
      total = sum.partialValue
    }
    var signature = Signature(outputs: [try Shape(checked: [first[0], total])])
    signature.undifferentiable = Set(inputs.indices)
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let y = pass.outputs[0]
    let length = y.shape[1]
    for n in 0..<y.shape[0] {
      let row = y.base + n * length
      row.update(repeating: 1, count: length)
      var offset = stepsBefore
      for index in pass.inputs.indices {
        let x = pass.inputs[index]
        let steps = x.shape[1]
        if isMask(index) { (row + offset).update(from: x.base + n * steps, count: steps) }
        offset += steps
      }
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {}

  public static var samples: [Sample<JoinedMask>] {
    [
      Sample(JoinedMask(stepsBefore: 1), inputs: [[2, 3]], values: [.binary]),
      Sample(JoinedMask(), inputs: [[2, 3], [2, 1]], values: [.binary, .binary]),
      Sample(
        JoinedMask(stepsBefore: 2, masked: [true, false]), inputs: [[2, 2], [2, 3, 2]],
        values: [.binary, .normal]),
    ]
  }
}
