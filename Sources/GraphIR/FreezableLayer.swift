/// A layer that learns from what it reads beside its gradients, such as averages, and that stops to where it is frozen.
public protocol FreezableLayer: Layer {
  /// Itself, in training as in use.
  func frozen() -> Self
}
