import GraphIR
public import Settings
public import TensorCore

/// What sessions of some plans reserve, known before they do.
public struct MemoryDemand: Sendable {
  /// A layer and what it takes of the memory, of which other layers may use a part again.
  public struct Share: Sendable {
    public let name: String
    public let type: String
    public let bytes: Int
  }

  /// Bytes of parameters and states.
  public let weights: Int
  /// Bytes of the gradients of the parameters.
  public let gradients: Int
  /// Bytes of what optimizers keep.
  public let optimizer: Int
  /// Bytes of activations, their gradients and scratch, and of what is carried from run to run.
  public let activations: Int
  /// The layers, the largest first.
  public let shares: [Share]

  public var total: Int { weights + gradients + optimizer + activations }

  /// - Parameters:
  ///   - plans: whose sessions share one store and one arena.
  ///   - optimizer: bytes beside those of the plans.
  public init<S: Scalar>(of plans: [Plan], optimizer: Int = 0, as scalar: S.Type = S.self) {
    let size = MemoryLayout<S>.stride
    let parameters = Self.count(plans.flatMap(\.parameters), as: S.self)
    weights = (parameters + Self.count(plans.flatMap(\.states), as: S.self)) * size
    gradients = parameters * size
    self.optimizer = optimizer
    let carried = plans.reduce(0) { $0 + $1.carriedCount }
    activations = ((plans.map(\.arenaCount).max() ?? 0) + carried) * size
    let largest = plans.max { $0.arenaCount < $1.arenaCount }
    shares = (largest.map { Self.shares(of: $0, size: size) } ?? []).sorted { $0.bytes > $1.bytes }
  }

  /// The scalars of a block of tensors, each of them once.
  public static func count<S: Scalar>(
    _ tensors: [Plan.Tensor], as scalar: S.Type = Float.self
  ) -> Int {
    var seen: Set<String> = []
    return tensors.reduce(0) {
      seen.insert($1.name).inserted
        ? $0 + Arena<S>.aligned($1.specification.shape.count) : $0
    }
  }

  private static func shares(of plan: Plan, size: Int) -> [Share] {
    var counted: Set<String> = []
    return zip(plan.shaped.graph.nodes, plan.shaped.signatures).map { node, signature in
      let values =
        signature.outputs + signature.saved + signature.forwardScratch + signature.backwardScratch
      var count = values.reduce(0) { $0 + $1.count }
      if counted.insert(node.parameterPath).inserted {
        count += 2 * signature.parameters.reduce(0) { $0 + $1.shape.count }
      }
      return Share(name: node.name, type: type(of: node.layer).type, bytes: count * size)
    }
  }

  /// Throws: `Problems` where that is more than there is, with the layers that take most.
  public func check(against available: AvailableMemory? = .current) throws(Problems) {
    guard let available, total > available.bytes else { return }
    let parts = [
      ("weights", weights), ("gradients", gradients), ("optimizer", optimizer),
      ("activations", activations),
    ].filter { $0.1 > 0 }.map { "\($0) \(ByteCount($1))" }.joined(separator: ", ")
    let layers = shares.prefix(3).map { "\"\($0.name)\" (\($0.type)) \(ByteCount($0.bytes))" }
      .joined(separator: ", ")
    let advice =
      2 * activations > total ? "; a smaller \"batch_size\" takes less for activations" : ""
    throw Problems(
      Problem(
        "this takes \(ByteCount(total)) of memory (\(parts)) and \(ByteCount(available.bytes)) are left "
          + "\(available.bound.rawValue); the largest layers: \(layers)\(advice)"))
  }
}
