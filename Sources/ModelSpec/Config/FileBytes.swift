import Glibc
import Settings

/// The bytes of a file, a pipe or a device, up to `limit`.
///
/// `mention` is where another file names this one. Throws: `ConfigError` with the path and the system's reason.
func fileBytes(
  _ path: String, limit: Int, mention: Place? = nil
) throws(ConfigError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw refusal(errno, path, mention) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count == 0 { return bytes }
    if count < 0 {
      if errno == EINTR { continue }
      throw refusal(errno, path, mention)
    }
    guard bytes.count + count <= limit else {
      throw .invalid(Problems(Problem("\(path): more than \(limit) bytes", at: mention)))
    }
    bytes += chunk[..<count]
  }
}

private func refusal(_ code: Int32, _ path: String, _ mention: Place?) -> ConfigError {
  let reason = String(cString: strerror(code))
  let problem = Problem("cannot read \"\(path)\": \(reason)", at: mention)
  return code == EACCES || code == EPERM ? .forbidden(problem) : .unreadable(problem)
}

/// One name for every way of writing the path of a file that exists.
func canonicalPath(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}
