import GraphIR
import Layers
import TensorCore
import Testing

/// Facts about single layers that no gradient shows.
@Suite struct LayerBehaviourTests {
  /// The output of a layer and its states afterwards, on one thread in `Float`.
  private func forward(
    _ layer: any Layer, _ inputs: [(Shape, [Float])], parameters: [[Float]] = [],
    states: [[Float]] = [], batch: Int = 1, training: Bool = true, step: Int = 0
  ) throws -> (output: [Float], states: [[Float]]) {
    let signature = try layer.signature(for: inputs.map(\.0), batch: batch)
    let context = StepContext(pool: WorkerPool(threads: 1), seed: 7)
    (context.isTraining, context.step) = (training, step)
    let buffers = [
      inputs.map { Guarded($0, $1) }, signature.outputs.map { Guarded<Float>($0) },
      zip(signature.parameters, parameters).map { Guarded($0.shape, $1) },
      zip(signature.states, states).map { Guarded($0.shape, $1) },
      signature.saved.map { Guarded<Float>($0) },
      signature.forwardScratch.map { Guarded<Float>($0) },
    ]
    let views = buffers.map { $0.map(\.view) }
    layer.forward(
      Pass(
        inputs: views[0], outputs: views[1], parameters: views[2], states: views[3],
        saved: views[4], scratch: views[5], context: context, stream: 5))
    return withExtendedLifetime(buffers) { (views[1][0].elements, views[3].map(\.elements)) }
  }

  @Test func dropoutDropsItsShareAndDrawsAnewAtEachStep() throws {
    let ones = [Float](repeating: 1, count: 20_000)
    let dropout = Dropout(rate: 0.3)
    let first = try forward(dropout, [([20_000], ones)]).output
    let dropped = Double(first.count { $0 == 0 }) / 20_000
    #expect(abs(dropped - 0.3) < 0.01)
    #expect(first.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
    #expect(try forward(dropout, [([20_000], ones)]).output == first)
    #expect(try forward(dropout, [([20_000], ones)], step: 1).output != first)
    #expect(try forward(dropout, [([20_000], ones)], training: false).output == ones)
  }

  @Test func spatialDropoutDropsWholeFeatures() throws {
    let (sequences, steps, features) = (50, 7, 40)
    let shape: Shape = [sequences, steps, features]
    let ones = [Float](repeating: 1, count: shape.count)
    let output = try forward(SpatialDropout1D(rate: 0.3), [(shape, ones)]).output
    var dropped = 0
    for sequence in 0..<sequences {
      let first = Array(output.dropFirst(sequence * steps * features).prefix(features))
      dropped += first.count { $0 == 0 }
      for step in 1..<steps {
        let start = (sequence * steps + step) * features
        #expect(Array(output[start..<start + features]) == first)
      }
    }
    #expect(abs(Double(dropped) / 2_000 - 0.3) < 0.03)
    #expect(output.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
  }

  @Test func permuteMovesAxes() throws {
    let x = (0..<12).map(Float.init)
    #expect(
      try forward(Permute([2, 1]), [([2, 2, 3], x)]).output
        == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    #expect(
      try forward(Permute([3, 1, 2]), [([1, 2, 2, 3], x)]).output
        == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
  }

  @Test func quantizeRoundsInEvaluationAndIsAsFarOffInTraining() throws {
    let x: [Float] = [0, 0.1, 0.13, 0.5, 0.62, 0.9, 1, -0.2]
    let rounded = try forward(Quantize(levels: 5), [([8], x)], training: false).output
    #expect(rounded == [0, 0, 0.25, 0.5, 0.5, 1, 1, -0.25])
    let halves = [Float](repeating: 0.5, count: 20_000)
    let noisy = try forward(Quantize(levels: 5), [([20_000], halves)]).output
    #expect(noisy.allSatisfy { abs($0 - 0.5) <= 0.125 })
    let variance = noisy.reduce(0.0) { $0 + Double(($1 - 0.5) * ($1 - 0.5)) } / 20_000
    // That of an even distribution: its width squared, over 12.
    #expect(abs(variance - 0.0625 / 12) < 0.0001)
    #expect(try forward(Quantize(levels: 5), [([20_000], halves)], step: 1).output != noisy)
  }

  @Test func randomNormalHasItsMoments() throws {
    var layer = RandomNormal([100])
    (layer.mean, layer.stddev) = (3, 0.5)
    let values = try forward(layer, [], batch: 200).output.map(Double.init)
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean - 3) < 0.02 && abs(variance.squareRoot() - 0.5) < 0.01)
    #expect(try forward(layer, [], batch: 200, step: 1).output.map(Double.init) != values)
  }

  @Test func batchNormalizationKeepsItsStatesInEvaluation() throws {
    let x: [Float] = [1, 2, 3, 4, 5, 9]
    let states: [[Float]] = [[0.5, 1], [2, 3]]
    let layer = BatchNormalization()
    let parameters: [[Float]] = [[1, 1], [0, 0]]
    let evaluated = try forward(
      layer, [([3, 2], x)], parameters: parameters, states: states, training: false)
    #expect(evaluated.states == states)
    let trained = try forward(layer, [([3, 2], x)], parameters: parameters, states: states)
    // The batch's means are 3 and 5, its variances 8/3 and 26/3.
    let expected: [[Float]] = [
      [0.99 * 0.5 + 0.03, 0.99 + 0.05], [0.99 * 2 + 0.08 / 3, 0.99 * 3 + 0.26 / 3],
    ]
    for (state, moved) in zip(trained.states, expected) {
      for (one, other) in zip(state, moved) { #expect(abs(one - other) < 1e-5) }
    }
  }

  @Test func numbersOutsideTheirRangeShowAsNotANumber() throws {
    let table: [Float] = [1, 2, 3, 4]
    let embedding = Embedding(inputDimension: 2, outputDimension: 2)
    let vectors = try forward(embedding, [([3], [1, 2, -1])], parameters: [table]).output
    #expect(Array(vectors.prefix(2)) == [3, 4])
    #expect(vectors.suffix(4).allSatisfy { $0.isNaN })
    let loss = try forward(SoftmaxCrossEntropy(), [([1, 2], [0, 1]), ([1], [2])]).output
    #expect(loss[0].isNaN)
  }

  /// Of two equal pixels the first counts; what lies outside the image never does.
  @Test func poolingLooksAtTheImageOnly() throws {
    let corner = Padding.explicit(top: 1, bottom: 0, left: 1, right: 0)
    let x: [Float] = [-1, -2, -3, -4]
    let largest = MaxPooling2D(poolSize: Pair(2), padding: corner)
    #expect(try forward(largest, [([1, 2, 2, 1], x)]).output == [-1])
    let mean = AveragePooling2D(poolSize: Pair(2), padding: corner)
    #expect(try forward(mean, [([1, 2, 2, 1], x)]).output == [-1])
  }

  /// Windows of three steps: outside, one takes what is there, the other the edges again.
  @Test func meansOfStepsKnowTheirEdges() throws {
    let x: [Float] = [3, 6, 12]
    let same = AveragePooling1D(poolSize: 3, strides: 1, padding: .same)
    #expect(try forward(same, [([1, 3, 1], x)]).output == [4.5, 7, 9])
    let replicate = AveragePooling1D(poolSize: 3, strides: 1, padding: .replicate)
    #expect(try forward(replicate, [([1, 3, 1], x)]).output == [4, 7, 10])
  }

  /// What comes after a step changes nothing before it.
  @Test func causalConvolutionSeesNoLaterStep() throws {
    let layer = Conv1D(filters: 1, kernelSize: 2, padding: .causal, dilationRate: 2, useBias: false)
    let kernel: [Float] = [10, 1]
    let first = try forward(layer, [([1, 5, 1], [1, 2, 3, 4, 5])], parameters: [kernel]).output
    #expect(first == [1, 2, 13, 24, 35])
    let other = try forward(layer, [([1, 5, 1], [1, 2, 3, 9, 9])], parameters: [kernel]).output
    #expect(other.prefix(3) == first.prefix(3))
  }

  /// Of two sequences the second is nothing but padding.
  @Test func pooledSequencesLeaveOutPadding() throws {
    let x: (Shape, [Float]) = ([2, 3, 1], [-1, -4, 9, 5, 5, 5])
    let mask: (Shape, [Float]) = ([2, 3], [1, 1, 0, 0, 0, 0])
    var (mean, most) = (GlobalAveragePooling1D(), GlobalMaxPooling1D())
    (mean.isMasked, most.isMasked) = (true, true)
    #expect(try forward(mean, [x, mask]).output == [-2.5, 0])
    #expect(try forward(most, [x, mask]).output == [-1, 0])
  }

  /// Of the steps that count the first ones and the last ones are taken; where there are too few, nothing is.
  @Test(arguments: [(0, [1, 7, 0]), (1, [2, 0, 0]), (-1, [3, 7, 0]), (-3, [1, 0, 0])])
  func aStepIsTakenOfThoseThatCount(_ index: Int, _ expected: [Float]) throws {
    let x: (Shape, [Float]) = ([3, 4, 1], [1, 2, 3, 9, 9, 9, 7, 9, 9, 9, 9, 9])
    let mask: (Shape, [Float]) = ([3, 4], [1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    var select = Select(axis: 1, index: index)
    select.isMasked = true
    #expect(try forward(select, [x, mask]).output == expected)
  }

  @Test func masksAreJoinedAsTheirSequencesAre() throws {
    let (one, other): ((Shape, [Float]), (Shape, [Float])) = (
      ([2, 2], [1, 0, 0, 0]), ([2, 1, 2], [5, 0, 0, 0])
    )
    #expect(
      try forward(JoinedMask(stepsBefore: 1), [one]).output == [1, 1, 0, 1, 0, 0])
    #expect(
      try forward(JoinedMask(masked: [true, false]), [one, other]).output == [1, 0, 1, 0, 0, 1])
    #expect(
      try forward(JoinedMask(masked: [false, true]), [other, one]).output == [1, 1, 0, 1, 0, 0])
    #expect(throws: ShapeError.self) { try forward(JoinedMask(masked: [true]), [one, one]) }
    #expect(throws: ShapeError.self) { try forward(JoinedMask(), [one, other]) }
  }

  /// A sequence with padding gives what it would give without: with valid padding whole windows, with same padding as many
  /// as it has steps for.
  @Test func windowsLeaveOutPadding() throws {
    let x: (Shape, [Float]) = ([1, 5, 1], [-1, -4, -3, 9, 9])
    let mask: (Shape, [Float]) = ([1, 5], [1, 1, 1, 0, 0])
    func output(_ layer: some MaskedLayer) throws -> [Float] {
      var layer = layer
      layer.isMasked = true
      return try forward(layer, [x, mask]).output
    }
    #expect(try output(MaxPooling1D(poolSize: 2)) == [-1, 0])
    #expect(try output(MaxPooling1D(poolSize: 2, padding: .same)) == [-1, -3, 0])
    #expect(try output(MaxPooling1D(poolSize: 3, strides: 1)) == [-1, 0, 0])
    #expect(try output(AveragePooling1D(poolSize: 2)) == [-2.5, 0])
    #expect(try output(AveragePooling1D(poolSize: 2, padding: .same)) == [-2.5, -3, 0])
    #expect(
      try output(AveragePooling1D(poolSize: 3, strides: 1, padding: .same))
        == [-2.5, -8 / 3, -3.5, 0, 0])
    #expect(throws: ShapeError.self) {
      try output(MaxPooling1D(poolSize: 3, strides: 2, padding: .same))
    }
    #expect(throws: ShapeError.self) {
      try output(AveragePooling1D(poolSize: 3, strides: 1, padding: .replicate))
    }
  }

  /// Padding is zeros to a convolution, also where the steps of its output are others.
  @Test func convolutionTakesPaddingForZeros() throws {
    let x: (Shape, [Float]) = ([1, 4, 1], [1, 2, 7, 7])
    let mask: (Shape, [Float]) = ([1, 4], [1, 1, 0, 0])
    func output(_ padding: Conv1D.Padding, strides: Int = 1) throws -> [Float] {
      var layer = Conv1D(filters: 1, kernelSize: 2, strides: strides, padding: padding)
      layer.isMasked = true
      return try forward(layer, [x, mask], parameters: [[10, 1], [5]]).output
    }
    #expect(try output(.valid) == [17, 0, 0])
    #expect(try output(.causal) == [6, 17, 0, 0])
    #expect(try output(.causal, strides: 2) == [6, 0])
    #expect(throws: ShapeError.self) {
      var layer = Conv1D(filters: 1, kernelSize: 3, strides: 2, padding: .same)
      layer.isMasked = true
      return try layer.signature(for: [[1, 4, 1], [1, 4]], batch: 1)
    }
  }
}
