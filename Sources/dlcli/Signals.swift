import Glibc
import Synchronization

/// What signals ask for. Handlers only set flags; a second request to stop ends the process at once.
enum Signals {
  private static let stop = Atomic<Int32>(0)
  private static let save = Atomic<Bool>(false)

  /// Lets signals through that whoever started the process may have blocked: those that ask to stop must always reach
  /// it. Called before there is a second thread.
  static func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// SIGINT, SIGTERM and SIGHUP ask to stop, SIGUSR1 to save.
  ///
  /// A SIGHUP that is ignored stays so: nohup asks for that.
  static func install() {
    // Touched here, so that a handler never is the first to initialise them.
    stop.store(0, ordering: .relaxed)
    save.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] where !(number == SIGHUP && isIgnored(number)) {
      signal(number) { number in
        let earlier = Signals.stop.exchange(number, ordering: .relaxed)
        if earlier != 0 { _exit(128 + number) }
      }
    }
    signal(SIGUSR1) { _ in Signals.save.store(true, ordering: .relaxed) }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether a signal asked to stop.
  static var stopsRequested: Bool { stop.load(ordering: .relaxed) != 0 }

  /// Whether a signal asked to save since this was last looked at.
  static func takeSaveRequest() -> Bool { save.exchange(false, ordering: .relaxed) }
}
