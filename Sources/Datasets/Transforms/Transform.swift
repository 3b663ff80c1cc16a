public import Settings
public import TensorCore

/// A change of one field, row by row, while batches are made.
public protocol Transform: Variant {
  /// The field that it changes.
  var field: PlacedName { get }

  /// The name of a field that it adds, which begins as a copy of `field` and which it changes instead; nil adds none.
  var addedField: PlacedName? { get }

  /// Whether zeros that pad a row stay zeros behind what the row holds.
  var keepsPadding: Bool { get }

  /// Whether everything is said that could be learnt from the training data.
  var isFitted: Bool { get }

  /// This transform, with what it leaves open learnt from the training data as they are before it.
  func fitted(to dataset: any Dataset, field: Int) throws -> Self

  /// What the columns of a field are behind it; nil where their numbers cannot be had back.
  func columns(_ before: FieldColumns) -> FieldColumns?

  /// What it does to a field.
  ///
  /// Throws: `Problems` where the field does not suit. `random` is the transform's own stream.
  func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform
}

extension Transform {
  public var addedField: PlacedName? { nil }
  public var keepsPadding: Bool { false }
  public var isFitted: Bool { true }
  public func fitted(to dataset: any Dataset, field: Int) throws -> Self { self }
  public func columns(_ before: FieldColumns) -> FieldColumns? { nil }
}

/// Which row is being made, and what for.
public struct RowContext: Sendable {
  public let row: Int
  public let epoch: Int
  /// Augmentation acts in training only; corruption always, but elsewhere the same at every evaluation.
  public let isTraining: Bool

  public init(row: Int, epoch: Int, isTraining: Bool) {
    self.row = row
    self.epoch = epoch
    self.isTraining = isTraining
  }
}

/// A transform that knows the field it changes.
public struct BoundTransform: Sendable {
  /// The field as it is afterwards.
  public let output: DataField
  /// Changes one row in place, in memory that holds the larger of the row before and the row after.
  public let apply: @Sendable (UnsafeMutablePointer<Float>, RowContext) throws -> Void

  public init(
    _ output: DataField,
    _ apply: @escaping @Sendable (UnsafeMutablePointer<Float>, RowContext) throws -> Void
  ) {
    self.output = output
    self.apply = apply
  }
}

/// All transforms, by type.
public let transformRegistry = Registry<any Transform>(
  "transform",
  [
    AddNoise.self,
    ClassMembership.self,
    Copy.self,
    Crop.self,
    Grayscale.self,
    MaskNoise.self,
    OneHot.self,
    RandomFlip.self,
    RandomShift.self,
    Resize.self,
    Scale.self,
    SelectChannels.self,
    Spell.self,
    Standardize.self,
    Watermark.self,
  ])

/// The kind of setting that a transform is.
public enum TransformKind: Kind {
  public static var registry: Registry<any Transform> { transformRegistry }
  public static func json(_ value: any Transform) -> JSON { value.typedJSON }
}
