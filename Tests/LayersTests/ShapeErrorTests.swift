import GraphIR
import Layers
import Settings
import TensorCore
import Testing

/// What a layer says to inputs that do not fit, and the extents of those that do.
@Suite struct ShapeErrorTests {
  private func message(_ layer: any Layer, _ inputs: [Shape]) -> String {
    do {
      return "\(try layer.signature(for: inputs, batch: 2).outputs)"
    } catch { return error.description }
  }

  @Test func messagesSayWhatWasExpectedAndWhatCame() {
    #expect(
      message(Dense(units: 2), [[3]]) == "expects one input [N, ..., F], got [3]")
    #expect(
      message(Conv2D(filters: 1, kernelSize: Pair(5, 3)), [[1, 4, 4, 1]])
        == "expects images that hold its windows of 5 x 3 pixels, got [1, 4, 4, 1]")
    #expect(
      message(Reshape([2, -1]), [[4, 5]])
        == "expects rows of a multiple of 2 numbers, for target_shape [2, -1], got [4, 5]")
    #expect(
      message(Reshape([2, 3]), [[4, 5]])
        == "expects rows of 6 numbers, for target_shape [2, 3], got [4, 5]")
    #expect(
      message(Add(), [[2, 3], [2, 4]])
        == "expects two or more inputs of one shape, got [2, 3], [2, 4]")
    #expect(
      message(Concatenate(axis: 3), [[2, 3], [2, 4]])
        == "expects two or more inputs that differ at most in axis 3, which is not the batch, "
        + "got [2, 3], [2, 4]")
    #expect(
      message(SoftmaxCrossEntropy(classWeights: [1, 2]), [[4, 3], [4]])
        == "expects logits of as many classes as class_weights has, 2, got [4, 3], [4]")
    #expect(
      message(
        MaxPooling2D(poolSize: Pair(2), padding: .explicit(top: 2, bottom: 0, left: 0, right: 0)),
        [[1, 4, 4, 1]]) == "expects a padding smaller than its windows 2 x 2")
    #expect(
      message(Conv1D(filters: 1, kernelSize: 3, dilationRate: 2), [[1, 4, 2]])
        == "expects sequences that hold its windows of 5 steps, got [1, 4, 2]")
    #expect(message(RandomNormal([3]), []) == "[[2, 3]]")
    #expect(message(RandomNormal([3]), [[1]]) == "expects no input, got [1]")
  }

  @Test func whatNoMemoryHoldsIsRefused() {
    #expect(
      message(Dense(units: 1_000_000_000_000), [[32, 10]])
        == "would make a tensor [32, 1000000000000], which is too large")
    #expect(message(LSTM(units: 1 << 30), [[32, 10, 4]]).hasSuffix("which is too large"))
    #expect(message(RandomNormal([1 << 31]), []).hasSuffix("which is too large"))
  }

  /// Extents as Keras gives them.
  @Test(arguments: [
    (Padding.valid, 28, 3, 1, 1, 26), (.valid, 13, 2, 2, 1, 6), (.valid, 9, 3, 1, 2, 5),
    (.same, 13, 3, 2, 1, 7), (.same, 5, 7, 1, 1, 5), (.same, 6, 2, 3, 1, 2),
    (.explicit(top: 2, bottom: 2, left: 2, right: 2), 28, 5, 1, 1, 28),
  ])
  func extents(
    _ padding: Padding, _ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ output: Int
  ) {
    let layer = Conv2D(
      filters: 4, kernelSize: Pair(kernel), strides: Pair(stride), padding: padding,
      dilationRate: Pair(dilation))
    #expect(message(layer, [[2, extent, extent, 3]]) == "[[2, \(output), \(output), 4]]")
  }

  /// Lengths as Keras gives them.
  @Test(arguments: [
    (Conv1D.Padding.valid, 28, 3, 1, 1, 26), (.valid, 9, 3, 1, 2, 5), (.valid, 9, 4, 2, 1, 3),
    (.same, 13, 3, 2, 1, 7), (.same, 5, 7, 1, 1, 5), (.causal, 13, 3, 2, 1, 7),
    (.causal, 3, 5, 1, 4, 3),
  ])
  func lengths(
    _ padding: Conv1D.Padding, _ steps: Int, _ kernel: Int, _ stride: Int, _ dilation: Int,
    _ output: Int
  ) {
    let layer = Conv1D(
      filters: 4, kernelSize: kernel, strides: stride, padding: padding, dilationRate: dilation)
    #expect(message(layer, [[2, steps, 3]]) == "[[2, \(output), 4]]")
  }

  @Test func theKernelsOfAConvolutionCountTheirWindowAsFans() throws {
    let kernel = try Conv2D(filters: 8, kernelSize: Pair(3, 5)).signature(
      for: [[1, 9, 9, 4]], batch: 1
    ).parameters[0]
    #expect((kernel.shape, kernel.fanIn, kernel.fanOut) == ([3, 5, 4, 8], 60, 120))
  }
}
