import CClosure
import Glibc
import Synchronization

/// Threads that share out the numbered chunks of one job at a time, or of two that do not wait for each other.
///
/// What a chunk computes depends on its number alone, so the results are the same bits however many threads there are
/// and whichever takes which chunk. Who splits work into chunks must derive the split from shapes, never
/// from `threads`. Workers spin briefly for the next job, for a step is many short jobs, and then sleep.
///
/// Every thread begins with the same share of every job, the chunks from w/W to (w + 1)/W of them for thread w of W: what
/// it wrote in one job is in its cache for the next. Who is done takes chunks from the ends of the others' shares.
///
/// One thread at a time may call `run`; a chunk must not call it.
public final class WorkerPool: @unchecked Sendable {
  /// How many threads work on a job, the caller's included.
  public let threads: Int

  /// The most chunks that one job may have.
  public static let maximumChunks = 0xFFFF

  /// How often an idle worker looks for work before it sleeps: some tens of microseconds.
  private static let patience = 20_000

  /// How many jobs may be on offer at once.
  private static let jobs = 2

  /// What is left of each thread's share of each job on offer, job by job.
  private let shares: UnsafeMutablePointer<Share>
  /// The number of the offer.
  private var generation: UInt32 = 0
  private let unfinished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  /// Written before the shares are offered and good until the last chunk is done, so a claim makes them safe to read.
  private let bodies = UnsafeMutablePointer<CClosure>.allocate(capacity: jobs)
  private var handles: [pthread_t] = []
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// A pool of `threads` threads, at least 1, of which `threads - 1` are started here.
  public init(threads: Int) {
    self.threads = max(1, threads)
    shares = .allocate(capacity: Self.jobs * self.threads)
    for share in 0..<Self.jobs * self.threads { (shares + share).initialize(to: Share()) }
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    bodies.initialize(repeating: CClosure(), count: Self.jobs)
    for thread in 1..<self.threads {
      let place = UnsafeMutablePointer<Place>.allocate(capacity: 1)
      place.initialize(to: Place(pool: Unmanaged.passUnretained(self), thread: thread))
      var handle = pthread_t()
      // The pool joins its threads before it goes, so they may hold it unretained.
      let status = pthread_create(
        &handle, nil,
        { argument in
          guard let place = argument?.assumingMemoryBound(to: Place.self) else { return nil }
          let (pool, thread) = (place.pointee.pool, place.pointee.thread)
          place.deallocate()
          pool.takeUnretainedValue().serve(as: thread)
          return nil
        }, place)
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
    bodies.deallocate()
    shares.deinitialize(count: Self.jobs * threads)
    shares.deallocate()
  }

  /// Calls `body` once for every number in 0..<chunks, on all threads, and returns when the last is done.
  public func run(chunks: Int, _ body: (Int) -> Void) {
    if threads == 1 || chunks <= 1 {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    store(body, bodies)
    share(out: chunks, 0)
  }

  /// Calls `body` once for every number in 0..<chunks, and `other` for every number in 0..<otherChunks, on all threads, and
  /// returns when the last is done.
  ///
  /// Neither job waits for the other. Threads begin with the first, and who finds no chunk of it left goes on with the
  /// second: the one with few long chunks is best the first.
  public func run(
    chunks: Int, _ body: (Int) -> Void, alongside otherChunks: Int, _ other: (Int) -> Void
  ) {
    if threads == 1 || chunks + otherChunks <= 1 {
      for chunk in 0..<chunks { body(chunk) }
      for chunk in 0..<otherChunks { other(chunk) }
      return
    }
    store(body, bodies)
    store(other, bodies + 1)
    share(out: chunks, otherChunks)
  }

  /// Has the jobs done whose bodies are stored.
  private func share(out chunks: Int, _ otherChunks: Int) {
    precondition(max(chunks, otherChunks) <= Self.maximumChunks, "too many chunks in a job")
    unfinished.store(chunks + otherChunks, ordering: .relaxed)
    generation &+= 1
    offer(chunks, to: shares)
    if otherChunks > 0 { offer(otherChunks, to: shares + threads) }
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
    while claimAndWork(as: 0) {}
    var spins = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      spins += 1
      if spins > 1_000 { sched_yield() }
    }
  }

  private func offer(_ chunks: Int, to shares: UnsafeMutablePointer<Share>) {
    for thread in 0..<threads {
      shares[thread].offer(
        thread * chunks / threads..<(thread + 1) * chunks / threads, generation)
    }
  }

  /// Takes one chunk on offer, of the first job and of its own share while there is one, and does it; false if none is
  /// left.
  private func claimAndWork(as thread: Int) -> Bool {
    for job in 0..<Self.jobs {
      let shares = shares + job * threads
      var chunk = shares[thread].takeFirst()
      for distance in 1..<threads where chunk == nil {
        chunk = shares[(thread + distance) % threads].takeLast()
      }
      if let chunk {
        cclosure_call(bodies + job, chunk)
        unfinished.subtract(1, ordering: .releasing)
        return true
      }
    }
    return false
  }

  private func serve(as thread: Int) {
    var idle = 0
    while !stopping.load(ordering: .relaxed) {
      if claimAndWork(as: thread) {
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
      if (0..<Self.jobs * threads).contains(where: { shares[$0].hasChunks }) { break }
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

/// Who a new thread is.
private struct Place {
  let pool: Unmanaged<WorkerPool>
  let thread: Int
}

/// What is left of a thread's share of a job, in cache lines of its own.
private struct Share: ~Copyable {
  /// In one word, so that taking a chunk is one compare-exchange: generation (32 bits), end (16), first (16). A late
  /// thread cannot take from a newer job by mistake.
  private let word = Atomic<UInt64>(0)
  private let padding = SIMD16<UInt64>()

  var hasChunks: Bool {
    let word = word.load(ordering: .sequentiallyConsistent)
    return Self.first(word) < Self.end(word)
  }

  func offer(_ chunks: Range<Int>, _ generation: UInt32) {
    word.store(
      UInt64(generation) << 32 | UInt64(chunks.upperBound) << 16 | UInt64(chunks.lowerBound),
      ordering: .sequentiallyConsistent)
  }

  func takeFirst() -> Int? { take(1) { Self.first($0) } }

  func takeLast() -> Int? { take(0 &- 1 << 16) { Self.end($0) - 1 } }

  /// Adds `change` to the word and gives the chunk that it stood for before; nil where none is left.
  @inline(__always)
  private func take(_ change: UInt64, _ chunk: (UInt64) -> Int) -> Int? {
    var current = word.load(ordering: .acquiring)
    while Self.first(current) < Self.end(current) {
      let claim = word.compareExchange(
        expected: current, desired: current &+ change, ordering: .acquiringAndReleasing)
      if claim.exchanged { return chunk(current) }
      current = claim.original
    }
    return nil
  }

  private static func first(_ word: UInt64) -> Int { Int(word & 0xFFFF) }
  private static func end(_ word: UInt64) -> Int { Int(word >> 16 & 0xFFFF) }
}

/// The words of a closure, which must not be called once the function that was given it has returned.
@_silgen_name("cclosure_store")
private func store(_ body: (Int) -> Void, _ closure: UnsafeMutablePointer<CClosure>)
