import Datasets
import Foundation
import GraphIR
import TensorCore

@testable import Training

/// Steps of a workload of configs/bench from weights and on batches that follow from formulas.
///
/// `make_training_references.py` has the same formulas, so neither side stores them.
final class ParityRun {
  private let rows: Int
  private let fields: [DataField]
  private let values: [Signature.Values?]
  private let runner: StageRunner
  private let engine: Engine
  private var steps = 0

  init(_ workload: String, rows: Int, overrides: [String]) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../configs/bench/\(workload).json").path
    let experiment = try Experiment.load(
      path, overrides: ["training.batch_size=\(rows)"] + overrides, environment: [:])
    let stage = experiment.stages[0]
    let assumed = try AssumedData(stage, experiment)
    (self.rows, fields, values) = (rows, assumed.fields, assumed.values)
    engine = try Engine(
      [assumed.objectives], shapes: [([BatchShape(rows: rows)], [])], fields: fields, seed: 0,
      threads: 2)
    engine.store.initialize(seed: 0)
    for entry in engine.store.parameters {
      let view = engine.store.values.view(at: entry.offset, entry.specification.shape)
      Self.write(weights: entry.name, to: view)
    }
    runner = StageRunner(0, stage.settings, assumed.objectives, engine: engine)
  }

  /// One step on one of two batches in turn: its losses.
  func step() throws -> [Double] {
    let clock = TrainingClock(step: steps, stepsPerEpoch: 2, totalSteps: 1000)
    try runner.step(on: BatchShape(rows: rows), number: steps, at: clock) { feeds, _ in
      for feed in feeds {
        let noise = Noise("\(fields[feed.field].name) \(steps % 2)")
        for index in 0..<feed.view.count {
          feed.view[index] =
            switch values[feed.field] {
            case .integers(let bound): Float(noise.bits(index) % UInt32(bound))
            case .unitInterval: (noise[index] + 1) / 2
            case nil: noise[index]
            }
        }
      }
    }
    steps += 1
    return runner.losses.map(\.value)
  }

  /// Scales about 1, biases about 0, and kernels that keep the variance of what they are applied to: all uniform.
  private static func write(weights name: String, to view: View<Float>) {
    let noise = Noise(name)
    let scale = Float((3 * Double(view.shape.last) / Double(view.count)).squareRoot())
    for index in 0..<view.count {
      view[index] =
        if name.hasSuffix("gamma") {
          1 + 0.1 * noise[index]
        } else if name.hasSuffix("bias") || name.hasSuffix("beta") {
          0.1 * noise[index]
        } else {
          scale * noise[index]
        }
    }
  }
}

/// Numbers in -1..<1 that are a function of a name and an index.
private struct Noise {
  private let seed: UInt32

  /// The hash FNV-1a of the name.
  init(_ name: String) {
    seed = name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }

  /// 24 bits of a hash (the finalizer of MurmurHash3).
  func bits(_ index: Int) -> UInt32 {
    var value = UInt32(index) &* 2_654_435_761 &+ seed
    value = (value ^ value >> 16) &* 0x85eb_ca6b
    value = (value ^ value >> 13) &* 0xc2b2_ae35
    return (value ^ value >> 16) >> 8
  }

  subscript(index: Int) -> Float { Float(bits(index)) / 8_388_608 - 1 }
}
