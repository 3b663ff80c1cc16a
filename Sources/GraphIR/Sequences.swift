public import TensorCore

/// A layer that computes every step of sequences [N, T, ...] by itself, alike for all steps.
///
/// It never mixes padding into other steps, so the mask of its input is that of its output; and it works on one step at a
/// time as it does on all.
public protocol StepwiseLayer: Layer {
  /// Whether it does with these settings.
  var isStepwise: Bool { get }
}

extension StepwiseLayer {
  public var isStepwise: Bool { true }
}

/// A layer whose first output has the steps of one of its inputs, and so its mask.
public protocol MaskKeepingLayer: Layer {
  /// Which input that is, of so many without masks; nil where the output has no steps that could be padding.
  func keptMask(of count: Int) -> Int?
}

/// A layer whose first output has other steps than its first input, of which some are padding where those are.
public protocol MaskMappingLayer: MaskKeepingLayer {
  /// What makes the mask of the output from that of the input [N, T]; nil where `keptMask` tells.
  var maskMap: (any Layer)? { get }
}

/// A layer whose first output has the steps of several inputs behind one another, or steps of its own in front of them.
public protocol MaskJoiningLayer: Layer {
  /// What makes the mask of the output from the masks of the inputs, and from the inputs themselves where they have
  /// none; nil where the steps of the output are those of the inputs.
  ///
  /// - Parameter masked: for each input whether it has a mask, as at least one does.
  func maskJoiner(of masked: [Bool]) -> (any Layer)?
}

/// A layer that makes every step of sequences [N, T, ...] a row of the batch, [N T, ...].
///
/// Those that were padding are rows like others then: no layer may mix rows before they are steps again.
public protocol StepMergingLayer: Layer {}

/// A layer that makes something of all rows of the batch together, such as a mean.
public protocol RowMixingLayer: Layer {}

/// A layer that leaves out steps of sequences that are padding.
///
/// A mask is a value [N, T]: 1 for a step that counts, 0 for padding. Where an input has one, the graph gives it to the
/// layer behind its inputs, without a word in the spec. What padding holds, as long as it is finite, then changes no bit of
/// what the layer gives, nor of any gradient; and neither does its length. The same holds of stepwise layers between
/// such layers: the gradients that reach their padding are 0, and sums over steps leave out what is. What is drawn at
/// random is not the same where padding is longer.
public protocol MaskedLayer: MaskKeepingLayer {
  /// Whether a mask follows the inputs.
  var isMasked: Bool { get set }
  /// Which input's mask it reads, of so many inputs without masks.
  func maskedInput(of count: Int) -> Int
}

extension MaskedLayer {
  public func maskedInput(of count: Int) -> Int { 0 }

  /// Itself, with a mask behind its inputs.
  func masked() -> Self {
    var layer = self
    layer.isMasked = true
    return layer
  }
}

/// A layer that knows which steps of its input are padding.
public protocol MaskingLayer: Layer {
  /// What makes the mask [N, T] of the output from the first input; nil where nothing is padding.
  var maskMaker: (any Layer)? { get }
}

/// A layer that can be given a sequence one step at a time, for it looks back only.
public protocol IncrementalLayer: Layer {
  /// The layer that takes one step [N, 1, ...] a run, and carries what it needs of the steps before from run to run.
  ///
  /// - Parameters:
  ///   - inputs: the shapes that the layer has for whole sequences.
  ///   - stepped: for each input, whether it comes step by step; others are there as a whole.
  /// Throws: `ShapeError` where it looks ahead.
  func incremental(for inputs: [Shape], stepped: [Bool]) throws(ShapeError) -> any Layer

  /// Whether what it carries has room for as many steps as whole sequences have, and no more.
  static var isBounded: Bool { get }
}
