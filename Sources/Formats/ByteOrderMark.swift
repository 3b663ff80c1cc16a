extension [UInt8] {
  /// A text in UTF-8 without the byte order mark (EF BB BF) that some programs put in front, and that is no part of it.
  public var withoutByteOrderMark: ArraySlice<UInt8> {
    starts(with: [0xEF, 0xBB, 0xBF]) ? self[3...] : self[...]
  }
}
