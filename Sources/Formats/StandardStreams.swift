import Glibc

/// The three streams that a process is given, whatever state they are in.
public enum StandardStreams {
  /// Makes writing safe, before anything else is opened.
  ///
  /// A stream that is closed leaves its number free, and the next file that is opened gets it: then a line of progress
  /// goes into the middle of a checkpoint. So closed ones are filled with a file that can neither be read nor written.
  /// A reader that went away, and a file above the size that is allowed, become errors of the call instead of signals
  /// that end the process.
  public static func prepare() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // It gets the least free number, which is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Ends the process as the signal does that a shell expects of a command whose reader went away.
  static func endAsByBrokenPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }
}
