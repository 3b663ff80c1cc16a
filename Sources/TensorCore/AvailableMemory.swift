import Glibc

/// How much memory this process may still take before the system refuses it or ends the process.
///
/// Formats: proc(5) for /proc/meminfo, /proc/self/cgroup and /proc/self/statm; the kernel's "Control Group v2" and
/// "Memory Resource Controller" (v1) for the files of control groups, which containers and services set.
public struct AvailableMemory: Sendable, Equatable {
  /// What sets the bound.
  public enum Bound: String, Sendable {
    case machine = "on this machine"
    case controlGroup = "in this control group"
    case processLimit = "under the limit of this process (ulimit -v)"
  }

  public let bytes: Int
  public let bound: Bound

  public init(bytes: Int, bound: Bound) {
    self.bytes = bytes
    self.bound = bound
  }

  /// The least that any of the bounds leaves; nil where the system tells none.
  public static var current: AvailableMemory? {
    var limit = rlimit()
    let isLimited = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    return read(
      addressSpace: isLimited && limit.rlim_cur != rlim_t.max
        ? Int(clamping: limit.rlim_cur) : nil)
  }

  /// - Parameters:
  ///   - root: where `/proc` and `/sys` are.
  ///   - addressSpace: the bytes that this process may address, where there is a limit.
  static func read(root: String = "", addressSpace: Int? = nil) -> AvailableMemory? {
    let process = addressSpace.map { max(0, $0 - addressed(root)) }
    let candidates: [(Int?, Bound)] = [
      (machine(root), .machine), (controlGroups(root).min(), .controlGroup),
      (process, .processLimit),
    ]
    return candidates.compactMap { bytes, bound in
      bytes.map { AvailableMemory(bytes: $0, bound: bound) }
    }.min { $0.bytes < $1.bytes }
  }

  /// What the kernel says can be had without swapping, and what can be swapped.
  private static func machine(_ root: String) -> Int? {
    let facts = table(root + "/proc/meminfo")
    return facts["MemAvailable:"].map { ($0 + (facts["SwapFree:"] ?? 0)) * 1024 }
  }

  /// What this process addresses already.
  private static func addressed(_ root: String) -> Int {
    let pages = text(root + "/proc/self/statm").split(separator: " ").first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// What each control group that the process is in, and each above it, leaves.
  private static func controlGroups(_ root: String) -> [Int] {
    text(root + "/proc/self/cgroup").split(separator: "\n").flatMap { line -> [Int] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isSecond = parts[1].isEmpty
      guard isSecond || parts[1].split(separator: ",").contains("memory") else { return [] }
      let mount = root + "/sys/fs/cgroup" + (isSecond ? "" : "/memory")
      // A container may see its own group as the root, whatever path it is told.
      var names = parts[2].split(separator: "/")
      var left: [Int] = []
      while true {
        let group = ([mount] + names.map(String.init)).joined(separator: "/")
        if let bytes = isSecond ? secondVersion(group) : firstVersion(group) { left.append(bytes) }
        if names.popLast() == nil { return left }
      }
    }
  }

  private static func secondVersion(_ group: String) -> Int? {
    // Without a limit the file says "max".
    guard let limit = number(group + "/memory.max"), let used = number(group + "/memory.current")
    else { return nil }
    let facts = table(group + "/memory.stat")
    return max(0, limit - used + (facts["inactive_file"] ?? 0) + (facts["active_file"] ?? 0))
  }

  private static func firstVersion(_ group: String) -> Int? {
    guard let limit = number(group + "/memory.limit_in_bytes"),
      let used = number(group + "/memory.usage_in_bytes")
    else { return nil }
    let facts = table(group + "/memory.stat")
    let files = (facts["total_inactive_file"] ?? 0) + (facts["total_active_file"] ?? 0)
    return max(0, limit - used + files)
  }

  private static func number(_ path: String) -> Int? {
    text(path).split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
  }

  /// Lines of a name and a number.
  private static func table(_ path: String) -> [String: Int] {
    text(path).split(separator: "\n").reduce(into: [:]) { facts, line in
      let parts = line.split(separator: " ")
      if parts.count >= 2, let number = Int(parts[1]) { facts[String(parts[0])] = number }
    }
  }

  /// The whole of a file of the kernel's; nothing where there is none.
  private static func text(_ path: String) -> String {
    guard let file = fopen(path, "re") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
