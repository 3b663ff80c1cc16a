import CSIMD
public import TensorCore

/// One time step of long short-term memory (Hochreiter and Schmidhuber 1997; Gers et al. 2000), without its products, on the
/// calling thread.
///
/// A row of pre-activations z = x W + h U + b holds the gates in the order i, f, g, o, `units` each. Time steps of
/// sequences [N, T, ...] are taken where they lie.
public enum LSTMCell {
  /// i = σ(z_i), f = σ(z_f), g = tanh(z_g), o = σ(z_o); c = f c_before + i g; h = o tanh(c).
  ///
  /// - Parameters:
  ///   - gates: [N, 4U], z on entry, the activated gates on return.
  ///   - previousCell: [N, U], zeros if nil; may be `cell`.
  ///   - cell: [N, U], c.
  ///   - output: [N, U], h.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    gates: StridedRows<S>, previousCell: StridedRows<S>?, cell: StridedRows<S>,
    output: StridedRows<S>, rows: Int, units: Int
  ) {
    for n in 0..<rows {
      let (z, before, c, h) = (gates[n], previousCell?[n], cell[n], output[n])
      if let vectors = S.vectors {
        vectors.recurrent.lstm_forward(z.asFloat, before?.asFloat, c.asFloat, h.asFloat, units)
        continue
      }
      for u in 0..<units {
        let (i, f) = (sigmoid(z[u]), sigmoid(z[units + u]))
        let (g, o) = (S.tanh(z[2 * units + u]), sigmoid(z[3 * units + u]))
        c[u] = f * (before?[u] ?? 0) + i * g
        h[u] = o * S.tanh(c[u])
        (z[u], z[units + u], z[2 * units + u], z[3 * units + u]) = (i, f, g, o)
      }
    }
  }

  /// With dh = dy + dh_after: dc = dc_after + dh o (1 - tanh²c); dz_i = dc g i (1 - i); dz_f = dc c_before f (1 - f);
  /// dz_g = dc i (1 - g²); dz_o = dh tanh(c) o (1 - o); dc_before = dc f.
  ///
  /// - Parameters:
  ///   - gates: [N, 4U], as forward left them.
  ///   - previousCell: [N, U], zeros if nil.
  ///   - cell: [N, U], c.
  ///   - outputGradient: dy [N, U], of what the step gave as output; zeros if nil.
  ///   - hiddenGradient: dh_after [N, U], of what the next step took from it; zeros if nil.
  ///   - cellGradient: [N, U], dc_after on entry, dc_before on return.
  ///   - gateGradient: dz [N, 4U]; may be `gates`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    gates: StridedRows<S>, previousCell: StridedRows<S>?, cell: StridedRows<S>,
    outputGradient: StridedRows<S>?, hiddenGradient: StridedRows<S>?,
    cellGradient: StridedRows<S>, into gateGradient: StridedRows<S>, rows: Int, units: Int
  ) {
    for n in 0..<rows {
      let (z, before, c) = (gates[n], previousCell?[n], cell[n])
      let (dy, dhAfter) = (outputGradient?[n], hiddenGradient?[n])
      let (dc, dz) = (cellGradient[n], gateGradient[n])
      if let vectors = S.vectors {
        vectors.recurrent.lstm_backward(
          z.asFloat, before?.asFloat, c.asFloat, dy?.asFloat, dhAfter?.asFloat, dc.asFloat,
          dz.asFloat, units)
        continue
      }
      for u in 0..<units {
        let (i, f, g, o) = (z[u], z[units + u], z[2 * units + u], z[3 * units + u])
        let dh = (dy?[u] ?? 0) + (dhAfter?[u] ?? 0)
        let t = S.tanh(c[u])
        let d = dc[u] + dh * o * (1 - t * t)
        dz[u] = d * g * i * (1 - i)
        dz[units + u] = d * (before?[u] ?? 0) * f * (1 - f)
        dz[2 * units + u] = d * i * (1 - g * g)
        dz[3 * units + u] = dh * t * o * (1 - o)
        dc[u] = d * f
      }
    }
  }

  @inline(__always)
  private static func sigmoid<S: Scalar>(_ x: S) -> S { 1 / (1 + S.exp(-x)) }
}
