import Settings

/// What Adam and AdamW share.
struct AdamMeans: Sendable, Equatable {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8

  static let names = ["mean", "square"]

  static func fields<Owner: Sendable>(
    of owner: Owner.Type, _ beta1: WritableKeyPath<Owner, Double> & Sendable,
    _ beta2: WritableKeyPath<Owner, Double> & Sendable,
    _ epsilon: WritableKeyPath<Owner, Double> & Sendable
  ) -> [Field<Owner>] {
    [
      .init("beta_1", beta1, .decayRate, "How much of the mean of the gradients is kept."),
      .init("beta_2", beta2, .decayRate, "How much of the mean of their squares is kept."),
      .init("epsilon", epsilon, .above(0), "Keeps the divisor from 0."),
    ]
  }
}
