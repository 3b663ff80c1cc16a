extension [Int] {
  /// The product of extents and `factor`; nil where it, or that of the extents that are not 0, is beyond counting.
  ///
  /// So the extents may be multiplied in any order, and without any of them, by who reads the tensor.
  func product(times factor: Int) -> Int? {
    var product = factor
    for extent in self {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent == 0 ? 1 : extent)
      if overflow { return nil }
      product = next
    }
    return contains(0) ? 0 : product
  }
}
