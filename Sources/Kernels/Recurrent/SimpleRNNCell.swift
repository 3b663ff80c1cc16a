import CSIMD
public import TensorCore

/// One time step of a simple recurrent network (Elman 1990), without its products, on the calling thread.
///
/// Time steps of sequences [N, T, U] are taken where they lie.
public enum SimpleRNNCell {
  /// a.
  public enum Activation: Sendable {
    case tanh
    case relu
  }

  /// h = a(z).
  ///
  /// - Parameters:
  ///   - sums: z [N, U].
  ///   - output: h [N, U].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ activation: Activation, sums: StridedRows<S>, output: StridedRows<S>, rows: Int, units: Int
  ) {
    for row in 0..<rows {
      let (z, h) = (sums[row], output[row])
      if let vectors = S.vectors {
        let activate = (activation == .tanh ? vectors.elementwise.tanh : vectors.elementwise.relu)!
        activate(z.asFloat, h.asFloat, units)
        continue
      }
      for u in 0..<units {
        h[u] = activation == .tanh ? S.tanh(z[u]) : z[u] < 0 ? 0 : z[u]
      }
    }
  }

  /// dz = (dy + dh_after) a'(z), from h alone.
  ///
  /// - Parameters:
  ///   - output: h [N, U].
  ///   - outputGradient: dy [N, U], of what the step gave as output; zeros if nil.
  ///   - hiddenGradient: dh_after [N, U], of what the next step took from it.
  ///   - sumGradient: dz [N, U].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    _ activation: Activation, output: StridedRows<S>, outputGradient: StridedRows<S>?,
    hiddenGradient: StridedRows<S>, into sumGradient: StridedRows<S>, rows: Int, units: Int
  ) {
    for row in 0..<rows {
      let (h, dy) = (output[row], outputGradient?[row])
      let (dh, dz) = (hiddenGradient[row], sumGradient[row])
      if let vectors = S.vectors {
        let slope =
          (activation == .tanh
          ? vectors.elementwise.tanh_backward : vectors.elementwise.relu_backward)!
        slope(h.asFloat, dh.asFloat, dz.asFloat, units, false)
        if let dy { slope(h.asFloat, dy.asFloat, dz.asFloat, units, true) }
        continue
      }
      for u in 0..<units {
        let slope: S = activation == .tanh ? 1 - h[u] * h[u] : h[u] > 0 ? 1 : 0
        dz[u] = ((dy?[u] ?? 0) + dh[u]) * slope
      }
    }
  }
}
