import Compilation
import Kernels
import TensorCore

/// An exponential moving average of all weights: a ← d a + (1 - d) w after each step, a = w at first.
///
/// States (running statistics) are averages already and are left as they are.
final class MovingAverage {
  private let decay: Double
  private let values: Arena<Float>
  private let entries: [ParameterStore<Float>.Entry]

  /// An average that begins as the weights are.
  init(decay: Double, of store: ParameterStore<Float>) {
    self.decay = decay
    values = Arena(count: store.values.count)
    values.base.update(from: store.values.base, count: store.values.count)
    entries = store.parameters
  }

  /// Takes the weights of one more step.
  func update(from store: ParameterStore<Float>, pool: WorkerPool) {
    Weights.average(
      store.values.base, into: values.base, decay: decay, count: values.count, pool: pool)
  }

  /// Exchanges the average and the weights: evaluation uses the one, training the other.
  func swap(with store: ParameterStore<Float>) {
    for index in 0..<values.count { Swift.swap(&values.base[index], &store.values.base[index]) }
  }

  /// The averages as a checkpoint names them.
  var tensors: [(name: String, view: View<Float>)] {
    entries.map {
      (Checkpoint.averagePrefix + $0.name, values.view(at: $0.offset, $0.specification.shape))
    }
  }
}
