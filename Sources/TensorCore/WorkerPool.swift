import CClosure
import Glibc
import Synchronization

/// Threads that share out the numbered chunks of one job at a time.
///
/// What a chunk computes depends on its number alone, so the results are the same bits however many threads there are
/// and whichever takes which chunk. Who splits work into chunks must derive the split from shapes, never
/// from `threads`. Workers spin briefly for the next job, for a step is many short jobs, and then sleep.
///
/// One thread at a time may call `run`; a chunk must not call it.
public final class WorkerPool: @unchecked Sendable {
  /// How many threads work on a job, the caller's included.
  public let threads: Int

  /// The most chunks that one job may have.
  public static let maximumChunks = 0xFFFF

  /// How often an idle worker looks for work before it sleeps: some tens of microseconds.
  private static let patience = 20_000

  /// The job on offer in one word, so that claiming a chunk is one compare-exchange:
  /// generation (32 bits), chunks (16), next chunk (16). A late worker cannot claim from a newer job by mistake.
  private let ticket = Atomic<UInt64>(0)
  private let unfinished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  /// Written before the ticket is published and good until the last chunk is done, so a claim makes it safe to read.
  private let job = UnsafeMutablePointer<CClosure>.allocate(capacity: 1)
  private var handles: [pthread_t] = []
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// A pool of `threads` threads, at least 1, of which `threads - 1` are started here.
  public init(threads: Int) {
    self.threads = max(1, threads)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    job.initialize(to: CClosure())
    for _ in 1..<max(1, self.threads) {
      var handle = pthread_t()
      // The pool joins its threads before it goes, so they may hold it unretained.
      let status = pthread_create(
        &handle, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<WorkerPool>.fromOpaque(argument).takeUnretainedValue().serve()
          return nil
        }, Unmanaged.passUnretained(self).toOpaque())
      precondition(status == 0, "the system refused a worker thread (error \(status))")
      handles.append(handle)
    }
  }

  deinit {
    stopping.store(true, ordering: .sequentiallyConsistent)
    wake()
    for handle in handles { pthread_join(handle, nil) }
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
    job.deallocate()
  }

  /// Calls `body` once for every number in 0..<chunks, on all threads, and returns when the last is done.
  public func run(chunks: Int, _ body: (Int) -> Void) {
    if threads == 1 || chunks <= 1 {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    precondition(chunks <= Self.maximumChunks, "a job of \(chunks) chunks")
    store(body, job)
    unfinished.store(chunks, ordering: .relaxed)
    let generation = (ticket.load(ordering: .relaxed) >> 32) &+ 1
    ticket.store(generation << 32 | UInt64(chunks) << 16, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
    while claimAndWork() {}
    var spins = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      spins += 1
      if spins > 1_000 { sched_yield() }
    }
  }

  /// Takes one chunk of the job on offer and does it; false if there is none left.
  private func claimAndWork() -> Bool {
    var offer = ticket.load(ordering: .acquiring)
    while offer & 0xFFFF < (offer >> 16) & 0xFFFF {
      let claim = ticket.compareExchange(
        expected: offer, desired: offer + 1, ordering: .acquiringAndReleasing)
      if claim.exchanged {
        cclosure_call(job, Int(offer & 0xFFFF))
        unfinished.subtract(1, ordering: .releasing)
        return true
      }
      offer = claim.original
    }
    return false
  }

  private func serve() {
    var idle = 0
    while !stopping.load(ordering: .relaxed) {
      if claimAndWork() {
        idle = 0
      } else {
        idle += 1
        if idle > Self.patience {
          sleep()
          idle = 0
        }
      }
    }
  }

  private func sleep() {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    // Looked at again after `sleepers` is up: whoever publishes later sees a sleeper and wakes it.
    while !stopping.load(ordering: .sequentiallyConsistent) {
      let offer = ticket.load(ordering: .sequentiallyConsistent)
      if offer & 0xFFFF < (offer >> 16) & 0xFFFF { break }
      pthread_cond_wait(condition, mutex)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  private func wake() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}

/// The words of a closure, which must not be called once the function that was given it has returned.
@_silgen_name("cclosure_store")
private func store(_ body: (Int) -> Void, _ closure: UnsafeMutablePointer<CClosure>)
