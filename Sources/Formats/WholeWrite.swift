import Glibc

/// Writes all the bytes to an open file, and waits where a pipe is full that does not wait by itself.
///
/// Returns the error number of the call that failed; nil where none did.
func writeWhole(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> CInt? {
  var done = 0
  while done < bytes.count {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
    let count = write(descriptor, rest.baseAddress, rest.count)
    if count >= 0 {
      done += count
      continue
    }
    switch errno {
    case EINTR: continue
    case EAGAIN:
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&request, 1, -1)
    case let failure: return failure
    }
  }
  return nil
}
