/// A number of bytes for people: `512 B`, `12.3 MiB`, `1.25 GiB`.
public struct ByteCount: Sendable, CustomStringConvertible {
  public let count: Int

  public init(_ count: Int) { self.count = count }

  public var description: String {
    var value = Double(count)
    for unit in ["B", "KiB", "MiB"] {
      if value < 1024 {
        return unit == "B" ? "\(count) B" : "\((value * 10).rounded() / 10) \(unit)"
      }
      value /= 1024
    }
    return "\((value * 100).rounded() / 100) GiB"
  }
}
