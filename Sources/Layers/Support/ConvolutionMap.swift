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
    signature.backwardScratch = [[max(1, Convolution.gradientScratchCount(geometry))]]
    signature.retains = [.input(0)]
    signature.forwardProducts = Convolution.forwardProducts(geometry)
    signature.backwardProducts = Convolution.gradientProducts(geometry)
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
    Convolution.gradients(
      pass.inputs[0].base, kernel: pass.parameters[0].base, pass.outputGradients[0].base,
      into: Convolution.Gradients(
        input: pass.inputGradients[0], kernel: pass.parameterGradients[0],
        bias: useBias ? pass.parameterGradients[1] : nil),
      geometry, products: pass.products, scratch: pass.scratch[0].base, pool: pass.pool)
  }

  /// The gradient of what is convolved alone.
  func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, into dx: View<S>, _ pass: Pass<S>
  ) {
    Convolution.gradients(
      pass.inputs[0].base, kernel: pass.parameters[0].base, dy,
      into: Convolution.Gradients(
        input: Gradient(dx, accumulates: false), kernel: nil, bias: nil),
      geometry, products: pass.products, scratch: pass.scratch[0].base, pool: pass.pool)
  }
}
