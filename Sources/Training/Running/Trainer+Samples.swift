import Compilation
import Datasets
import Formats
import Settings

extension Trainer {
  /// Shows samples where it is time to.
  ///
  /// They are computed apart from training, with memory and random numbers of their own, so training is the same bits with
  /// and without them.
  func sampleIfDue(epoch: Int, isLast: Bool) throws {
    guard let samples = settings.samples, isLast || epoch % samples.everyEpochs == 0 else { return }
    runner?.average?.swap(with: engine.store)
    defer { runner?.average?.swap(with: engine.store) }
    let picture = try picture(samples, of: progress.stage)
    observer?.sampled(
      SampleFacts(
        name: samples.network ?? samples.layer ?? "prediction", step: progress.step, epoch: epoch,
        picture: picture))
  }

  /// Makes the samples of a stage once, so that what is wrong with them is said before training.
  func checkSamples(of number: Int) throws {
    if let samples = experiment.stages[number].settings.samples {
      _ = try picture(samples, of: number)
    }
  }

  /// Throws: `Problems` for names that nothing bears, and for what is no picture.
  private func picture(_ samples: SampleSettings, of number: Int) throws -> RasterImage {
    let model = TrainedModel(
      engine.store, experiment.stages[number], stages[number], of: experiment,
      data: data)
    let range = samples.range.map { Float($0[0])...Float($0[1]) }
    do {
      if let network = samples.network {
        var request = Generation.Request()
        (request.network, request.count) = (network, samples.count)
        request.seed = experiment.seed
        let generation = try Generation(model, request, threads: 1)
        return try generation.picture(columns: samples.columns, range: range)
      }
      guard let rows = data[.validation] ?? data[.train] else {
        throw Problems(Problem("there are no rows to reconstruct"))
      }
      let reconstruction = try Reconstruction(
        model, samples.layer.map(ValueChoice.layer) ?? .prediction,
        rows: .open(rows.prefix(samples.count)), range: range, threads: 1)
      try reconstruction.forEachRow(keeping: samples.count) { _ in }
      return try reconstruction.picture(columns: samples.columns)
    } catch let problems as Problems {
      // A name of the configuration is wrong; its place is that of the stage.
      let stage = experiment.stages[number]
      throw problems.list.reduce(into: Problems()) {
        $0.add(
          $1.message, path: path(stage.path, "samples"), at: $1.place ?? stage.place)
      }
    }
  }
}
