import TensorCore

extension WorkerPool {
  /// Calls `body` with ranges that make up 0..<count and with the gradients of each, from its first on.
  ///
  /// Where there are `rows` of a table of `count` elements, the gradients of all other rows are zero: their memory, which
  /// may be most of a large table, is not read.
  @inline(__always)
  func run<S: Scalar>(
    elements count: Int, _ gradients: UnsafePointer<S>, rows: RowSet?,
    _ body: (Range<Int>, UnsafePointer<S>) -> Void
  ) {
    guard let rows else {
      return run(elements: count) { body($0, gradients + $0.lowerBound) }
    }
    let width = count / rows.tableRows
    run(Chunks(rows: rows.tableRows, of: width)) { chunk in
      rows.forEachRun(in: chunk) { run, isInSet in
        let (first, end) = (run.lowerBound * width, run.upperBound * width)
        if isInSet { return body(first..<end, gradients + first) }
        let length = Zeros.count(of: S.self)
        for start in stride(from: first, to: end, by: length) {
          body(start..<min(end, start + length), Zeros.base())
        }
      }
    }
  }
}

/// Zeros to read, few enough that they stay in the nearest cache.
private enum Zeros {
  private static let memory = Arena<Double>(count: 1_024)

  static func count<S: Scalar>(of _: S.Type) -> Int {
    memory.count * MemoryLayout<Double>.stride / MemoryLayout<S>.stride
  }

  static func base<S: Scalar>() -> UnsafePointer<S> {
    UnsafeRawPointer(memory.base).assumingMemoryBound(to: S.self)
  }
}
