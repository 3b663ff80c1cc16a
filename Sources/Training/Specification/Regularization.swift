public import Settings

/// A penalty on the size of parameters, added to what is minimized: l1 Σ|w| + l2 Σw², as in Keras.
///
/// The logged loss does not contain it; its gradient, l1 sign(w) + 2 l2 w, goes into the step.
public struct Regularization: Configurable {
  public var l1 = 0.0
  public var l2 = 0.0
  public var parameters = [NamePattern("*kernel")]

  public init() {}

  public static let fields: [Field<Regularization>] = [
    Field("l1", \.l1, .atLeast(0), "Weight of the sum of absolute values"),
    Field("l2", \.l2, .atLeast(0), "Weight of the sum of squares"),
    Field("parameters", \.parameters, "Which parameters are penalised"),
  ]
}
