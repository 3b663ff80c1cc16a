public import Kernels
public import TensorCore

/// What a layer does to memory, for inputs of given shapes: all that the compiler knows of it.
public struct Signature: Sendable {
  /// A tensor that backward reads beside `saved` and the parameters.
  public enum Retained: Hashable, Sendable {
    case input(Int)
    case output(Int)
  }

  /// What numbers an input holds where not any will do.
  public enum Values: Hashable, Sendable {
    /// Whole numbers from 0 to below a bound: classes, tokens. Any other makes an output that is not a number, so data
    /// with more classes are refused.
    case integers(below: Int)
    /// Numbers from 0 to 1: probabilities.
    case unitInterval
  }

  /// One matrix product [rows x inner] · [inner x columns], done `count` times in a forward pass.
  public struct Product: Hashable, Sendable {
    public var rows: Int
    public var columns: Int
    public var inner: Int
    public var count: Int

    public init(rows: Int, columns: Int, inner: Int, count: Int = 1) {
      self.rows = rows
      self.columns = columns
      self.inner = inner
      self.count = count
    }

    /// Multiplications, each with its addition; `Int.max` stands for all that is more.
    public var multiplyAdds: Int {
      [columns, inner, count].reduce(rows) {
        let product = $0.multipliedReportingOverflow(by: $1)
        return product.overflow ? .max : product.partialValue
      }
    }
  }

  /// The shapes of the outputs, the batch included.
  public var outputs: [Shape]
  /// What training changes, in the order of `Pass.parameters`.
  public var parameters: [ParameterSpec] = []
  /// Parameters of which backward moves single rows, those that forward looked up, and minds `Gradient.rows`.
  ///
  /// Where all layers that use such a parameter do, its gradient stays zero but for these rows, so no step has to zero all
  /// of it.
  public var rowGradients: Set<Int> = []
  /// What training keeps but no gradient changes (running statistics), in the order of `Pass.states`.
  public var states: [ParameterSpec] = []
  /// Memory that stays from run to run and begins as zero, in the order of `Pass.carried`: forward reads it and writes it.
  ///
  /// Backward must not read it. Unlike `states` it belongs to a session, not to the network, and its shapes may have N.
  public var carried: [Shape] = []
  /// Tensors that forward writes and backward reads (and may overwrite).
  public var saved: [Shape] = []
  /// Memory that forward needs for itself.
  public var forwardScratch: [Shape] = []
  /// Memory that backward needs for itself.
  public var backwardScratch: [Shape] = []
  /// Which inputs and outputs backward reads; the memory of all others may have been given away.
  public var retains: Set<Retained> = []
  /// Inputs that have no gradient: labels, indices.
  public var undifferentiable: Set<Int> = []
  /// What inputs hold where not any number will do; benchmarks make their rows by it.
  public var values: [Int: Values] = [:]
  /// Whether output 0 may lie where input 0 lies (then forward overwrites it, or only passes it on).
  public var forwardInPlace = false
  /// Whether output 0 is input 0 under another shape, and its gradient likewise: both may share memory for good.
  ///
  /// Forward and backward must then still copy where the two do not lie in one place.
  public var passesOn = false
  /// Whether the gradient of input 0 may lie where that of output 0 lies.
  ///
  /// The compiler does so only where that gradient does not accumulate.
  public var backwardInPlace = false
  /// Whether the gradient of input 0 may lie where input 0 lies, which backward reads.
  ///
  /// The compiler does so only where nothing reads the input afterwards and that gradient does not accumulate.
  public var overwritesInput = false
  /// The matrix products of a forward pass; backward is taken as twice their work.
  public var products: [Product] = []
  /// Products whose engines are chosen when a plan is bound, in the order of `Pass.products`.
  public var forwardProducts: [FixedProduct] = []
  public var backwardProducts: [FixedProduct] = []

  public init(outputs: [Shape]) { self.outputs = outputs }

  /// Multiply-adds of a forward pass; `Int.max` stands for all that is more.
  public var multiplyAdds: Int {
    products.reduce(0) {
      let sum = $0.addingReportingOverflow($1.multiplyAdds)
      return sum.overflow ? .max : sum.partialValue
    }
  }
}

/// A tensor that belongs to a network: its name within the layer, its shape and how it begins.
public struct ParameterSpec: Sendable {
  /// The last part of its name in a checkpoint: `kernel`.
  public let name: String
  public let shape: Shape
  public let initializer: any Initializer
  /// How many inputs one output sums, for initializers that scale by it.
  public let fanIn: Int
  /// How many outputs one input reaches.
  public let fanOut: Int

  /// A tensor whose fans follow from its shape: all axes but the last reach in, the last reaches out; kernels of a
  /// convolution count their window in both (Glorot and Bengio 2010, as in Keras).
  public init(_ name: String, _ shape: Shape, _ initializer: any Initializer) {
    let window = shape.dimensions.dropLast(2).reduce(1, *)
    self.init(
      name, shape, initializer, fanIn: window * (shape.rank > 1 ? shape[-2] : shape.last),
      fanOut: window * shape.last)
  }

  public init(
    _ name: String, _ shape: Shape, _ initializer: any Initializer, fanIn: Int, fanOut: Int
  ) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.fanIn = fanIn
    self.fanOut = fanOut
  }
}
