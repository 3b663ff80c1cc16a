public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t] = scale x[n, t] + p[t], p being sines and cosines of t.
public struct SinusoidalPositionEncoding: MaskKeepingLayer, IncrementalLayer {
  public static let type = "sinusoidal_position_encoding"
  public static let manual = """
    Adds waves of many lengths to a sequence, from which positions can be told.

    y[n, t, d] = s x[n, t, d] + p[t, d]
    p[t, 2i] = sin(t / L^(2i / D))     p[t, 2i + 1] = cos(t / L^(2i / D))

    L = max_wavelength; s is sqrt(D) with scale_input, as where embeddings come in, else 1.
    Input [N, T, D], output of the same shape. As KerasHub's SinePositionEncoding, added.
    Source: A. Vaswani et al., "Attention is all you need", 2017.
    """
  public static let fields = [
    Field(
      "max_wavelength", \SinusoidalPositionEncoding.maximumWavelength, .above(0),
      "L, which the wavelengths grow towards, over 2 pi."),
    Field(
      "scale_input", \SinusoidalPositionEncoding.scaleInput,
      "Whether the input is multiplied by the root of D first."),
  ]

  public var maximumWavelength = 10_000.0
  public var scaleInput = false
  /// The T of whole sequences, where one step comes a run.
  private var stepsOfWhole: Int?

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one sequence [N, T, D]") { $0.rank == 3 }
    var signature = Signature(outputs: [x])
    signature.forwardScratch = [[stepsOfWhole ?? x[1], x[2]]]
    // The position of the next step.
    if stepsOfWhole != nil { signature.carried = [[1]] }
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    return signature
  }

  public func keptMask(of count: Int) -> Int? { 0 }

  public static var isBounded: Bool { true }

  public func incremental(for inputs: [Shape], stepped: [Bool]) throws(ShapeError) -> any Layer {
    var layer = self
    layer.stepsOfWhole = inputs[0][1]
    return layer
  }

  private func scale<S: Scalar>(_ x: View<S>) -> S {
    scaleInput ? S(x.shape.last).squareRoot() : 1
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y, waves) = (pass.inputs[0], pass.outputs[0], pass.scratch[0])
    PositionWaves.write(
      into: waves.base, positions: waves.shape[0], width: x.shape[2],
      maximumWavelength: maximumWavelength, pool: pass.pool)
    PositionWaves.add(
      waves.base + pass.takePosition(stepsOfWhole) * x.shape[2], to: x.base, scaledBy: scale(x),
      into: y.base, rows: x.shape[0],
      columns: x.shape[1] * x.shape[2], pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard scaleInput else { return pass.passBack() }
    guard let gradient = pass.inputGradients[0] else { return }
    let dy = pass.outputGradients[0]
    Elementwise.scale(
      dy.base, by: scale(dy), into: gradient.view.base, count: dy.count,
      accumulate: gradient.accumulates, pool: pass.pool)
  }

  public static var samples: [Sample<SinusoidalPositionEncoding>] {
    var scaling = SinusoidalPositionEncoding()
    (scaling.scaleInput, scaling.maximumWavelength) = (true, 50)
    return [
      Sample(SinusoidalPositionEncoding(), inputs: [[2, 5, 4]]),
      Sample(scaling, inputs: [[2, 3, 5]]),
    ]
  }
}
