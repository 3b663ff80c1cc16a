import Glibc
import Synchronization

/// What signals ask for. Handlers only set flags; a second request to stop ends the process at once.
enum Signals {
  private static let stop = Atomic<Int32>(0)
  private static let save = Atomic<Bool>(false)

  /// SIGINT, SIGTERM and SIGHUP ask to stop, SIGUSR1 to save; a reader that went away ends the process quietly.
  static func install() {
    // Touched here, so that a handler never is the first to initialise them.
    stop.store(0, ordering: .relaxed)
    save.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        let earlier = Signals.stop.exchange(number, ordering: .relaxed)
        if earlier != 0 { _exit(128 + number) }
      }
    }
    signal(SIGUSR1) { _ in Signals.save.store(true, ordering: .relaxed) }
    signal(SIGPIPE, SIG_DFL)
  }

  /// Whether a signal asked to stop.
  static var stopsRequested: Bool { stop.load(ordering: .relaxed) != 0 }

  /// Whether a signal asked to save since this was last looked at.
  static func takeSaveRequest() -> Bool { save.exchange(false, ordering: .relaxed) }
}
