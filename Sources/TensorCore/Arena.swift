import Glibc

/// One block of memory, 64-byte aligned and zero at first, that views are cut from.
///
/// A plan computes the offsets; the arena only owns the bytes and frees them with itself.
public final class Arena<S: Scalar>: @unchecked Sendable {
  /// Offsets and extents are rounded up to this many scalars, so every view starts on a cache line.
  public static var alignment: Int { 64 / MemoryLayout<S>.stride }

  /// How many scalars the arena holds.
  public let count: Int
  private let buffer: UnsafeMutableRawBufferPointer

  /// The size of a huge page on most processors.
  private static var hugePage: Int { 2 << 20 }

  /// Reserves memory for `count` scalars; the threads of a pool share out its pages, which takes time where it is large.
  public init(count: Int, pool: WorkerPool? = nil) {
    self.count = count
    let bytes = max(64, count * MemoryLayout<S>.stride)
    let piece = Self.hugePage
    buffer = .allocate(byteCount: bytes, alignment: bytes < piece ? 64 : piece)
    // With pages of 4 KiB the processor spends much of its time finding out where they are. What follows the last whole
    // huge page keeps small ones, so that no more memory is taken than was asked for. Where the system knows none, all
    // is as without.
    if bytes >= piece { _ = madvise(buffer.baseAddress, bytes / piece * piece, MADV_HUGEPAGE) }
    let pieces = (bytes + piece - 1) / piece
    guard let pool, pieces <= WorkerPool.maximumChunks else {
      buffer.initializeMemory(as: UInt8.self, repeating: 0)
      return
    }
    pool.run(chunks: pieces) { [buffer] number in
      let bytes = buffer[number * piece..<min(bytes, (number + 1) * piece)]
      UnsafeMutableRawBufferPointer(rebasing: bytes).initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  deinit { buffer.deallocate() }

  /// The first scalar.
  public var base: UnsafeMutablePointer<S> {
    // The buffer holds at least 64 bytes, so it has a base address.
    buffer.baseAddress!.assumingMemoryBound(to: S.self)
  }

  /// A tensor at `offset` scalars from the start.
  public func view(at offset: Int, _ shape: Shape) -> View<S> {
    precondition(offset >= 0 && offset + shape.count <= count, "a view leaves its arena")
    return View(base + offset, shape)
  }

  /// The least multiple of `alignment` that holds `count` scalars.
  public static func aligned(_ count: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }
}
