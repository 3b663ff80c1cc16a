import GraphIR
import TensorCore

extension Plan {
  /// Lets outputs lie where inputs lay, and gradients where gradients lay, as far as layers allow it.
  ///
  /// A buffer that another one takes over must have no reader afterwards, forward or backward; one that is only
  /// passed on (a reshape) may keep its readers. Fed and fetched values are never overwritten.
  mutating func shareMemory(fetched: Set<Graph.Source>) {
    let kept = Set(
      values.filter { source, _ in
        if case .input = source { true } else { fetched.contains(source) }
      }.values)
    let seeds = Set(phases.flatMap(\.seeds))
    for (now, step) in steps.enumerated() {
      let signature = shaped.signatures[step.node]
      switch step.direction {
      case .forward:
        guard let input = step.inputs.first, let output = step.outputs.first else { continue }
        if signature.passesOn {
          share(output, with: input)
        } else if signature.forwardInPlace, step.inputs.count(where: { $0 == input }) == 1,
          !isKept(input, kept), lastUse(of: input) == now
        {
          share(output, with: input)
        }
      case .backward:
        guard let target = step.inputGradients.first ?? nil, !target.accumulates,
          step.inputGradients.count(where: { $0?.index == target.index }) == 1
        else { continue }
        if signature.backwardInPlace || signature.passesOn,
          let gradient = step.outputGradients.first, !seeds.contains(gradient)
        {
          share(target.index, with: gradient)
        } else if signature.overwritesInput,
          step.inputs.count(where: { $0 == step.inputs[0] }) == 1,
          !isKept(step.inputs[0], kept), lastUse(of: step.inputs[0]) == now
        {
          share(target.index, with: step.inputs[0])
        }
      }
    }
  }

  /// Two buffers of as many scalars become one storage.
  private mutating func share(_ buffer: Int, with other: Int) {
    guard buffers[buffer].shape.count == buffers[other].shape.count else { return }
    buffers[buffer].storage = buffers[other].storage
  }

  /// Whether a storage holds anything that must outlive the step.
  private func isKept(_ buffer: Int, _ kept: Set<Int>) -> Bool {
    kept.contains { buffers[$0].storage == buffers[buffer].storage }
  }

  /// The last step that needs anything in the storage of a buffer.
  private func lastUse(of buffer: Int) -> Int {
    buffers.reduce(0) {
      $1.storage == buffers[buffer].storage ? max($0, $1.lifetime.upperBound) : $0
    }
  }

  /// Gives every storage an offset: largest first, each at the lowest place that nothing alive with it covers.
  mutating func placeBuffers() {
    struct Storage {
      let number: Int
      let count: Int
      var lifetime: ClosedRange<Int>
      var offset = 0
    }
    var storages: [Int: Storage] = [:]
    for buffer in buffers {
      // Alignment of `Float` lines; a multiple of that of `Double`.
      let count = Arena<Float>.aligned(buffer.shape.count)
      var storage =
        storages[buffer.storage]
        ?? Storage(number: buffer.storage, count: count, lifetime: buffer.lifetime)
      storage.lifetime =
        min(
          storage.lifetime.lowerBound, buffer.lifetime.lowerBound)...max(
          storage.lifetime.upperBound, buffer.lifetime.upperBound)
      storages[buffer.storage] = storage
    }
    var placed: [Storage] = []
    for var storage in storages.values.sorted(by: { ($1.count, $0.number) < ($0.count, $1.number) })
    {
      for neighbour in placed where neighbour.lifetime.overlaps(storage.lifetime) {
        if neighbour.offset >= storage.offset + storage.count { break }
        storage.offset = max(storage.offset, neighbour.offset + neighbour.count)
      }
      let position = placed.firstIndex { $0.offset > storage.offset } ?? placed.count
      placed.insert(storage, at: position)
    }
    let offsets = Dictionary(uniqueKeysWithValues: placed.map { ($0.number, $0.offset) })
    for index in buffers.indices { buffers[index].offset = offsets[buffers[index].storage] ?? 0 }
    arenaCount = placed.reduce(0) { max($0, $1.offset + $1.count) }
  }
}
