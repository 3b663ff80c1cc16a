import GraphIR
import Kernels
import TensorCore

/// y = x * kernel + bias over windows that lie as a geometry says: what convolutions of images and of sequences share.
struct ConvolutionMap {
  let geometry: ConvolutionGeometry
  let useBias: Bool

  /// The signature of a convolution of `x`.
  ///
  /// - Parameters:
  ///   - output: the shape of the output, whose last axis is the filters.
  ///   - kernel: that of the kernel, [..., C, F].
  func signature(
    for x: Shape, output: Shape, kernel: Shape,
    initializers: (kernel: any Initializer, bias: any Initializer)
  ) throws(ShapeError) -> Signature {
    // The windows of one line of the output are laid out in memory; and the work must be countable.
    let line = try Shape(checked: [geometry.outputWidth, kernel.dropLast.count])
    guard !output.dropFirst.count.multipliedReportingOverflow(by: line[1]).overflow else {
      throw ShapeError("would take more work than can be counted, for inputs \(x)")
    }
    let (rows, filters) = (output.dropLast.count, geometry.filters)
    var signature = Signature(outputs: [output])
    signature.parameters = [ParameterSpec("kernel", kernel, initializers.kernel)]
    if useBias {
      signature.parameters.append(ParameterSpec("bias", [filters], initializers.bias))
    }
    signature.forwardScratch = [[max(1, Convolution.scratchCount(geometry))]]
    signature.backwardScratch = [
      [
        max(
          Convolution.kernelGradientScratchCount(geometry),
          Bias.columnSumsScratchCount(rows: rows, columns: filters))
      ]
    ]
    signature.retains = [.input(0)]
    signature.forwardProducts = Convolution.forwardProducts(geometry)
    signature.backwardProducts =
      Convolution.kernelGradientProducts(geometry) + Convolution.inputGradientProducts(geometry)
    signature.products = [.init(rows: rows, columns: filters, inner: line[1])]
    return signature
  }

  /// - Parameter x: what is convolved, the input if nil.
  func forward<S: Scalar>(_ pass: Pass<S>, of x: UnsafePointer<S>? = nil) {
    Convolution.forward(
      x ?? UnsafePointer(pass.inputs[0].base), kernel: pass.parameters[0].base,
      bias: useBias ? UnsafePointer(pass.parameters[1].base) : nil, into: pass.outputs[0].base,
      geometry, products: pass.products, scratch: pass.scratch[0].base, pool: pass.pool)
  }

  func backward<S: Scalar>(_ pass: Pass<S>) {
    if let gradient = pass.inputGradients[0] {
      inputGradient(
        pass.outputGradients[0].base, into: gradient.view.base, accumulate: gradient.accumulates,
        pass)
    }
    kernelGradient(of: pass.inputs[0].base, pass)
    biasGradient(pass)
  }

  /// The gradient of what is convolved, or that added to it.
  func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, accumulate: Bool, _ pass: Pass<S>
  ) {
    Convolution.inputGradient(
      dy, kernel: pass.parameters[0].base, into: dx,
      accumulate: accumulate, geometry,
      products: pass.products.dropFirst(Convolution.kernelGradientProductCount(geometry)),
      scratch: pass.scratch[0].base, pool: pass.pool)
  }

  /// The kernel's gradient where `x` was convolved, if it is asked for.
  func kernelGradient<S: Scalar>(of x: UnsafePointer<S>, _ pass: Pass<S>) {
    guard let gradient = pass.parameterGradients[0] else { return }
    Convolution.kernelGradient(
      x, pass.outputGradients[0].base, into: gradient.view.base, accumulate: gradient.accumulates,
      geometry, products: pass.products, scratch: pass.scratch[0].base, pool: pass.pool)
  }

  func biasGradient<S: Scalar>(_ pass: Pass<S>) {
    guard useBias, let gradient = pass.parameterGradients[1] else { return }
    let dy = pass.outputGradients[0]
    Bias.columnSums(
      dy.base, rows: dy.count / geometry.filters, columns: geometry.filters,
      into: gradient.view.base, accumulate: gradient.accumulates, scratch: pass.scratch[0].base,
      pool: pass.pool)
  }
}
