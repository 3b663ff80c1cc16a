public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// A layer that works with W / σ instead of its kernel W, where σ = ‖W u‖ estimates the largest singular value of W.
///
/// It holds the layer and lets it run on other numbers, so one file serves every layer that has a kernel and none of
/// them knows. Within a pass the memory of the kernel holds W / σ, and W again at its end: nothing is allocated, and
/// nobody else reads it meanwhile.
public struct SpectralNormalization: Layer {
  public static let type = "spectral_normalization"
  public static let manual = """
    A layer whose kernel is divided by its largest singular value, which bounds its slope by 1.

    The kernel W, all axes but the last taken as its rows, is replaced by W / s, with
    s = |W u|,  v = W u / s,  |u| = 1
    and in training u becomes W^T v / |W^T v| afterwards: one step of the power method, which goes on
    where the step before ended and so follows W as it changes. The gradient is that of what is
    computed, u being a constant: dW = (dW' - sum of (dW' W') v u^T) / s, where W' = W / s.

    Inputs and outputs are those of the layer. Parameters: those of the layer, with W as its kernel;
    state: spectral_vector u, as long as the last axis of the kernel. As Keras's SpectralNormalization.
    Source: T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida, "Spectral normalization for generative
    adversarial networks", ICLR 2018.
    """
  public static let fields = [
    Field(
      "layer", \SpectralNormalization.layer, required: true,
      "The layer, one with a kernel: {\"type\": \"dense\", \"units\": 10}.")
  ]

  public var layer = Choice<LayerKind>(Dense())

  public init() {}

  public init(_ layer: any Layer) { self.layer = Choice(layer) }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = try layer.value.signature(for: inputs, batch: batch)
    guard let kernel = signature.parameters.first, kernel.name == "kernel", kernel.shape.rank >= 2
    else {
      throw ShapeError(
        "expects a layer with a kernel, got \(Swift.type(of: layer.value).type)")
    }
    let (rows, columns) = (kernel.shape.dropLast.count, kernel.shape.last)
    signature.states.append(
      ParameterSpec("spectral_vector", [columns], Initializers.RandomNormal()))
    // u, v and σ as they were used, and what the pass needs for itself: the kernel, and gradients before its own.
    signature.saved += [[columns], [rows], [1]]
    signature.forwardScratch.append([kernel.shape.count])
    signature.backwardScratch += [[kernel.shape.count], [kernel.shape.count]]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let estimate = Estimate(pass)
    estimate.take(from: pass.states[pass.states.count - 1], pass.pool)
    withNormalizedKernel(pass, estimate) { layer.value.forward(pass) }
    if pass.isTraining {
      estimate.follow(into: pass.states[pass.states.count - 1], pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (estimate, pool) = (Estimate(pass), pass.pool)
    guard let gradient = pass.parameterGradients[0] else {
      withNormalizedKernel(pass, estimate) { layer.value.backward(pass) }
      return
    }
    let (dW, count) = (gradient.view.base, gradient.view.count)
    let before = pass.scratch[pass.scratch.count - 2].base
    if gradient.accumulates {
      Elementwise.copy(dW, into: before, count: count, pool: pool)
      Elementwise.fill(0, into: dW, count: count, pool: pool)
    }
    withNormalizedKernel(pass, estimate) { layer.value.backward(pass) }
    estimate.project(dW, pool)
    if gradient.accumulates { Elementwise.add(dW, before, into: dW, count: count, pool: pool) }
  }

  /// Runs `body` while the memory of the kernel holds W / s.
  private func withNormalizedKernel<S: Scalar>(
    _ pass: Pass<S>, _ estimate: Estimate<S>, _ body: () -> Void
  ) {
    let (kernel, kept) = (pass.parameters[0], pass.scratch[pass.scratch.count - 1].base)
    Elementwise.copy(kernel.base, into: kept, count: kernel.count, pool: pass.pool)
    Elementwise.scale(
      kept, by: 1 / estimate.norm[0], into: kernel.base, count: kernel.count, pool: pass.pool)
    body()
    Elementwise.copy(kept, into: kernel.base, count: kernel.count, pool: pass.pool)
  }

  public static var samples: [Sample<SpectralNormalization>] {
    let convolution = Conv2D(filters: 3, kernelSize: Pair(2), strides: Pair(2), padding: .same)
    return [
      Sample(SpectralNormalization(Dense(units: 3)), inputs: [[4, 5]]),
      Sample(
        SpectralNormalization(Dense(units: 5, useBias: false)),
        inputs: [[2, 3, 2]]),
      Sample(SpectralNormalization(convolution), inputs: [[2, 5, 4, 2]]),
      Sample(SpectralNormalization(Dense(units: 2)), inputs: [[3, 4]], isTraining: false),
    ]
  }
}

/// u, v and s of one pass, where they were saved, and the kernel they belong to.
private struct Estimate<S: Scalar> {
  let kernel: UnsafeMutablePointer<S>
  let u: View<S>
  let v: View<S>
  /// s, at least a number that can be divided by.
  let norm: View<S>

  init(_ pass: Pass<S>) {
    kernel = pass.parameters[0].base
    let first = pass.saved.count - 3
    (u, v, norm) = (pass.saved[first], pass.saved[first + 1], pass.saved[first + 2])
  }

  /// u is the state, v = W u / s.
  func take(from state: View<S>, _ pool: WorkerPool) {
    u.copy(from: state.base)
    Self.normalize(u, pool)
    parallelGEMM(
      pool, m: v.count, n: 1, k: u.count, kernel, lda: u.count, u.base, ldb: 1, into: v.base, ldc: 1
    )
    norm[0] = Self.normalize(v, pool)
  }

  /// Makes a vector one of length 1 and returns its length before.
  @discardableResult
  private static func normalize(_ vector: View<S>, _ pool: WorkerPool) -> S {
    let square = Reduction.squaredNorm(vector.base, count: vector.count, pool: pool)
    let norm = S(max(square.squareRoot(), 1e-12))
    Elementwise.scale(
      vector.base, by: 1 / norm, into: vector.base, count: vector.count, pool: pool)
    return norm
  }

  /// The state becomes the u of the next step, Wᵀ v / ‖Wᵀ v‖.
  func follow(into state: View<S>, _ pool: WorkerPool) {
    parallelGEMM(
      pool, transposeA: true, m: u.count, n: 1, k: v.count, kernel, lda: u.count, v.base, ldb: 1,
      into: state.base, ldc: 1)
    Self.normalize(state, pool)
  }

  /// The gradient of W / s becomes that of W: (dW' - Σ (dW' W') v uᵀ) / s.
  func project(_ gradient: UnsafeMutablePointer<S>, _ pool: WorkerPool) {
    let (rows, columns) = (v.count, u.count)
    let along =
      Reduction.dot(gradient, kernel, count: rows * columns, pool: pool) / Double(norm[0])
    Elementwise.scale(
      gradient, by: 1 / norm[0], into: gradient, count: rows * columns, pool: pool)
    parallelGEMM(
      pool, m: rows, n: columns, k: 1, alpha: -S(along) / norm[0], v.base, lda: 1, u.base,
      ldb: columns, accumulate: true, into: gradient, ldc: columns)
  }
}

/// What a field holds that names a layer.
public enum LayerKind: Kind {
  public static var registry: Registry<any Layer> { layerRegistry }
  public static func json(_ value: any Layer) -> JSON { value.typedJSON }
}
