public import TensorCore

/// The gradient dz of rows z = x scale + offset, given by that of what was made of z, which nobody keeps.
public enum RowGradient<S: Scalar> {
  /// dz itself.
  case plain(UnsafePointer<S>)
  /// That of maxima over windows of 2 x 2 pixels that lie side by side, a pixel's channels being a row of z.
  case pooled(UnsafePointer<S>, indices: UnsafePointer<S>, PoolingGeometry)

  /// How much memory the blocks want in which a pooled one is made.
  public static func scratchCount(rows: Int, columns: Int) -> Int {
    RowBlocks.count(rows: rows, columns: columns) * RowBlocks.height(columns: columns) * columns
  }
}

/// Blocks of rows that stay in the first-level cache with what is made of them.
enum RowBlocks {
  /// How many elements a block has, if that is no less than four rows.
  static let elements = 4_096

  /// How many rows a block has: a multiple of four, as sums down columns take them.
  static func height(columns: Int) -> Int { max(4, elements / columns / 4 * 4) }

  /// How many blocks may be at work at once.
  static func count(rows: Int, columns: Int) -> Int { Chunks(rows: rows, of: columns).count }

  /// Calls `body` with the rows of a range, block after block.
  @inline(__always)
  static func forEach(in range: Range<Int>, columns: Int, _ body: (Range<Int>) -> Void) {
    let height = height(columns: columns)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: height) {
      body(first..<min(first + height, range.upperBound))
    }
  }
}

/// Makes a gradient block by block in scratch memory.
struct RowGradientBlocks<S: Scalar>: ~Copyable {
  private let gradient: RowGradient<S>
  private let columns: Int
  private let memory: UnsafeMutablePointer<S>?
  private let slots: ScratchSlots

  /// - Parameters:
  ///   - rows: all that the gradient has.
  ///   - memory: as much as the gradient's `scratchCount`; nil for a plain one.
  init(
    _ gradient: RowGradient<S>, rows: Int, columns: Int, memory: UnsafeMutablePointer<S>?
  ) {
    (self.gradient, self.columns, self.memory) = (gradient, columns, memory)
    slots = ScratchSlots(count: RowBlocks.count(rows: rows, columns: columns))
  }

  /// Calls `body` with the rows of a range, block after block, and their dz.
  @inline(__always)
  func forEach(in range: Range<Int>, _ body: (Range<Int>, UnsafePointer<S>) -> Void) {
    switch gradient {
    case .plain(let dz):
      RowBlocks.forEach(in: range, columns: columns) { body($0, dz + $0.lowerBound * columns) }
    case .pooled(let dy, let indices, let geometry):
      guard let memory, let pooling = PlainMaxPooling(geometry) else {
        preconditionFailure("no memory for blocks, or other windows")
      }
      let slot = slots.take()
      let block = memory + slot * RowBlocks.height(columns: columns) * columns
      RowBlocks.forEach(in: range, columns: columns) { rows in
        pooling.backward(dy, indices: indices, pixels: rows, into: block)
        body(rows, block)
      }
      slots.giveBack(slot)
    }
  }
}
