import Glibc
import SwiftProtobuf
import Synchronization

/// Writes TensorBoard's event files: one file of records a process, any number of them in the directory of a run.
///
///     length u64 | masked CRC-32C of length u32 | Event message | masked CRC-32C of message u32
///
/// Numbers are little-endian. Each record is appended whole. TensorBoard reads all files of a directory in the order of
/// their names; older ones stay as they are, and a newer one can say from which step on they no longer count. Any
/// thread may write.
public final class EventFile: Sendable {
  public let path: String
  private let file: AppendFile

  /// How many files this process has begun, as part of their names.
  private static let counter = Atomic<Int>(0)

  /// What the names of all event files begin with.
  private static let prefix = "events.out.tfevents."

  /// Whether a file is an event file by its name.
  public static func isNamed(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// Begins a new file in a directory that exists.
  ///
  /// - Parameter restart: the first step that is written anew; what older files hold from there on no longer counts.
  /// Throws: `FormatError` where it cannot be created.
  public init(directory: String, restartingAt restart: Int? = nil) throws(FormatError) {
    let time = EventFile.now
    // Its name comes after all others, also where one was begun in the same second.
    let second = max(Int(time), (Self.seconds(of: directory).max() ?? 0) + 1)
    let number = Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue
    path = "\(directory)/\(Self.prefix)\(second).\(hostName()).\(getpid()).\(number)"
    file = try AppendFile(creating: path)
    try append(
      ProtoEvent.with {
        $0.wallTime = time
        $0.fileVersion = "brain.Event:2"
      })
    guard let restart else { return }
    try append(
      ProtoEvent.with {
        $0.wallTime = time
        $0.step = Int64(restart)
        $0.sessionLog.status = .start
      })
  }

  /// The seconds in the names of the event files of a directory.
  private static func seconds(of directory: String) -> [Int] {
    Directory.names(in: directory).filter(isNamed)
      .compactMap { $0.dropFirst(prefix.count).split(separator: ".").first.flatMap { Int($0) } }
      .filter { $0 < 10_000_000_000 }
  }

  /// Seconds since 1970.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// A point of a curve; TensorBoard keeps 32 bits of it.
  public func scalar(
    tag: String, value: Double, step: Int, wallTime: Double = EventFile.now
  ) throws(FormatError) {
    try append(tag, step, wallTime) { $0.simpleValue = Float(value) }
  }

  /// A picture, already encoded as PNG, of 1 (grey), 3 (RGB) or 4 (RGBA) channels.
  public func image(
    tag: String, png: [UInt8], height: Int, width: Int, channels: Int, step: Int,
    wallTime: Double = EventFile.now
  ) throws(FormatError) {
    try append(tag, step, wallTime) { value in
      value.image = .with {
        $0.height = Int32(clamping: height)
        $0.width = Int32(clamping: width)
        $0.colorspace = Int32(clamping: channels)
        $0.encodedImage = .init(png)
      }
    }
  }

  /// A text, which TensorBoard shows as Markdown.
  public func text(
    tag: String, markdown: String, step: Int, wallTime: Double = EventFile.now
  ) throws(FormatError) {
    try append(tag, step, wallTime) { value in
      value.metadata = .with {
        $0.pluginData = .with { $0.pluginName = "text" }
        $0.dataClass = .tensor
      }
      value.tensor = .with {
        $0.type = .string
        $0.shape = .init()
        $0.stringValue = [.init(markdown.utf8)]
      }
    }
  }

  /// How values are distributed.
  public func histogram(
    tag: String, _ histogram: Histogram, step: Int, wallTime: Double = EventFile.now
  ) throws(FormatError) {
    try append(tag, step, wallTime) { value in
      value.histogram = .with {
        $0.min = histogram.minimum
        $0.max = histogram.maximum
        $0.num = Double(histogram.count)
        $0.sum = histogram.sum
        $0.sumSquares = histogram.sumOfSquares
        $0.bucketLimit = histogram.limits
        $0.bucket = histogram.counts.map(Double.init)
      }
    }
  }

  /// Waits until everything written is on the disk.
  public func synchronize() throws(FormatError) { try file.synchronize() }

  private func append(
    _ tag: String, _ step: Int, _ wallTime: Double, _ fill: (inout ProtoSummary.Value) -> Void
  ) throws(FormatError) {
    var value = ProtoSummary.Value()
    value.tag = tag
    fill(&value)
    try append(
      ProtoEvent.with {
        $0.wallTime = wallTime
        $0.step = Int64(step)
        $0.summary.value = [value]
      })
  }

  private func append(_ event: ProtoEvent) throws(FormatError) {
    let message: [UInt8]
    do {
      message = try event.serializedBytes()
    } catch {
      throw FormatError(.badData, file: path, "cannot encode an event: \(error)")
    }
    let length = littleEndian(UInt64(message.count))
    try file.append(
      length + littleEndian(CRC32C.masked(length)) + message
        + littleEndian(CRC32C.masked(message)))
  }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

private func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
  return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
