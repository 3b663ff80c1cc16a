public import Settings

/// Settings that stand for several layers: a block has no numbers and no backward of its own.
public protocol Block: Variant {
  /// What its layers call what it reads, in this order.
  static var inputs: [String] { get }
  /// Its layers as a spec would list them; what the last one gives, the block gives.
  var layers: [JSON] { get }
  /// Settings that cover every branch of `layers`, the manual's example first.
  static var samples: [Self] { get }
}
