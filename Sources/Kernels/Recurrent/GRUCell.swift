import CSIMD
public import TensorCore

/// One time step of a gated recurrent unit (Cho et al. 2014) whose reset gate acts after the product, without its
/// products, on the calling thread.
///
/// A row of pre-activations a holds the gates in the order z, r, n, `units` each; q is the recurrent product of n with
/// its bias.
public enum GRUCell {
  /// z = σ(a_z), r = σ(a_r), n = tanh(a_n + r q); h = n + z (h_before - n).
  ///
  /// - Parameters:
  ///   - gates: [N, 3U], a on entry, the activated gates on return.
  ///   - product: q [N, U].
  ///   - previous: h_before [N, U], zeros if nil.
  ///   - output: [N, U], h.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    gates: StridedRows<S>, product: StridedRows<S>, previous: StridedRows<S>?,
    output: StridedRows<S>, rows: Int, units: Int
  ) {
    for row in 0..<rows {
      let (a, q, before, h) = (gates[row], product[row], previous?[row], output[row])
      if let vectors = S.vectors {
        vectors.recurrent.gru_forward(a.asFloat, q.asFloat, before?.asFloat, h.asFloat, units)
        continue
      }
      for u in 0..<units {
        let (z, r) = (sigmoid(a[u]), sigmoid(a[units + u]))
        let n = S.tanh(a[2 * units + u] + r * q[u])
        h[u] = n + z * ((before?[u] ?? 0) - n)
        (a[u], a[units + u], a[2 * units + u]) = (z, r, n)
      }
    }
  }

  /// With dh = dy + dh_after: da_n = dh (1 - z) (1 - n²); da_z = dh (h_before - n) z (1 - z);
  /// da_r = da_n q r (1 - r); dq = da_n r; and dh z goes straight to h_before.
  ///
  /// - Parameters:
  ///   - gates: [N, 3U], as forward left them on entry, da on return.
  ///   - product: [N, U], q on entry, dq on return.
  ///   - previous: h_before [N, U], zeros if nil.
  ///   - outputGradient: dy [N, U], of what the step gave as output; zeros if nil.
  ///   - hiddenGradient: [N, U], dh_after on entry, dh z on return.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    gates: StridedRows<S>, product: StridedRows<S>, previous: StridedRows<S>?,
    outputGradient: StridedRows<S>?, hiddenGradient: StridedRows<S>, rows: Int, units: Int
  ) {
    for row in 0..<rows {
      let (a, q, before) = (gates[row], product[row], previous?[row])
      let (dy, d) = (outputGradient?[row], hiddenGradient[row])
      if let vectors = S.vectors {
        vectors.recurrent.gru_backward(
          a.asFloat, q.asFloat, before?.asFloat, dy?.asFloat, d.asFloat, units)
        continue
      }
      for u in 0..<units {
        let (z, r, n) = (a[u], a[units + u], a[2 * units + u])
        let dh = (dy?[u] ?? 0) + d[u]
        let dn = dh * (1 - z) * (1 - n * n)
        a[u] = dh * ((before?[u] ?? 0) - n) * z * (1 - z)
        a[units + u] = dn * q[u] * r * (1 - r)
        a[2 * units + u] = dn
        q[u] = dn * r
        d[u] = dh * z
      }
    }
  }

  @inline(__always)
  private static func sigmoid<S: Scalar>(_ x: S) -> S { 1 / (1 + S.exp(-x)) }
}
