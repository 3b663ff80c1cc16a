import Datasets
import Foundation
import Settings
import TensorCore
import Testing

@testable import Training

@Suite struct MetricTests {
  private static let ofClasses = [
    #""accuracy""#, #"{"type": "top_k_accuracy", "k": 1}"#, #"{"type": "top_k_accuracy", "k": 2}"#,
    #"{"type": "top_k_accuracy", "k": 3}"#, #""precision""#, #""recall""#, #""f1""#, #""roc_auc""#,
  ]

  /// scikit-learn: scripts/reference/make_metric_references.py. Batch sizes do not matter.
  @Test(arguments: [60, 7, 1]) func classesAreCountedAsByScikitLearn(batch: Int) throws {
    let reference = try Reference("metrics.json")["multiclass"]
    let found = try Self.ofClasses.flatMap { try results($0, reference, batch: batch, classes: 6) }
    try expect(found, reference)
  }

  @Test func weightsAndColumnsAreTargetsToo() throws {
    let reference = try Reference("metrics.json")["multiclass"]
    for target in [Shape([60, 6]), Shape([60, 1])] {
      let found = try Self.ofClasses.flatMap {
        try results($0, reference, batch: 60, classes: 6, target: target)
      }
      try expect(found, reference)
    }
  }

  @Test(arguments: [60, 7]) func twoClassesByOneNumber(batch: Int) throws {
    let reference = try Reference("metrics.json")["binary"]
    let found = try ["accuracy", "precision", "recall", "f1", "roc_auc"].flatMap {
      try results("\"\($0)\"", reference, batch: batch, classes: 1)
    }
    try expect(found, reference)
  }

  @Test(arguments: [60, 7]) func differencesAreThoseOfScikitLearn(batch: Int) throws {
    let reference = try Reference("metrics.json")["regression"]
    let found = try ["mean_squared_error", "mean_absolute_error"].flatMap { name in
      try add(
        "\"\(name)\"", reference["prediction"].numbers, Shape([60, 3]),
        reference["target"].numbers, Shape([60, 3]), batch: batch
      ).results()
    }
    try expect(found, reference)
  }

  @Test func theConfusionMatrixHasTheTruthInItsRows() throws {
    let reference = try Reference("metrics.json")["multiclass"]
    let accumulator = try add(
      #""confusion_matrix""#, reference["prediction"].numbers, Shape([60, 6]),
      reference["target"].numbers, Shape([60]), batch: 13,
      classNames: ["a", "b", "c", "d", "e", "f"])
    let table = try #require(accumulator.table())
    #expect(table.columns == ["", "a", "b", "c", "d", "e", "f"])
    #expect(table.rows.map { $0[0] } == ["a", "b", "c", "d", "e", "f"])
    let counts = try reference["confusion_matrix"].elements.map {
      try $0.numbers.map { "\(Int($0))" }
    }
    #expect(table.rows.map { Array($0.dropFirst()) } == counts)
    #expect(accumulator.results().isEmpty)
  }

  /// Scores log p give back p: two targets of probability 1/2 and 1/8, padding between them.
  @Test func perplexityIsThatOfTheTokensThatCount() throws {
    let scores = [0.5, 0.25, 0.125, 0.125, 1, 1, 1, 1, 0.125, 0.25, 0.5, 0.125].map { log($0) + 70 }
    let found = try add(
      #"{"type": "perplexity", "unit": "character"}"#, scores, [1, 3, 4], [0, -1, 3], [1, 3]
    ).results()
    #expect(found.map(\.name) == ["perplexity", "bits_per_character"])
    #expect(abs(found[0].value - 4) < 1e-4)
    #expect(abs(found[1].value - 2) < 1e-5)
    #expect(throws: MetricError.self) { try add("\"perplexity\"", [0.5], [1, 1], [1], [1]) }
  }

  @Test func sequencesAreRightAsAWhole() throws {
    // Three sequences of two steps, three classes: right; one step wrong; the wrong one is padding.
    let scores: [Double] = [9, 0, 0, 0, 9, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9, 9, 0, 0]
    for batch in [3, 1] {
      let found = try add(
        #""sequence_accuracy""#, scores, [3, 2, 3], [0, 1, 0, 2, 2, -1], [3, 2], batch: batch
      ).results()
      #expect(found == [MetricResult("sequence_accuracy", 2 / 3.0)])
    }
  }

  /// Series 1: naive errors of the past 1, 2, 3 (mean 2), of the forecast 1 and 3 (mean 2). Series 2 never changed.
  @Test func scaledErrorsAreThoseOfTheNaiveForecast() throws {
    let past: [[Double]] = [[0, 5], [1, 5], [3, 5], [6, 5]]
    let truth = (past + [[7, 5], [8, 6]]).flatMap(\.self)
    let found = try add(
      #""mean_absolute_scaled_error""#, [8, 1, 5, 2], [1, 2, 2], truth, [1, 6, 2]
    ).results()
    #expect(found == [MetricResult("mean_absolute_scaled_error", 1)])
    // With a season of 2: |3 - 0| and |6 - 1|, mean 4.
    let seasonal = try add(
      #"{"type": "mean_absolute_scaled_error", "season": 2}"#, [8, 1, 5, 2], [1, 2, 2], truth,
      [1, 6, 2]
    ).results()
    #expect(seasonal[0].value == 0.5)
    #expect(throws: MetricError.self) {
      try add(
        #"{"type": "mean_absolute_scaled_error", "season": 4}"#, [8, 1, 5, 2], [1, 2, 2], truth,
        [1, 6, 2])
    }
  }

  @Test func symmetricPercentagesAreThoseOfTheirDefinition() throws {
    let found = try add(
      #""symmetric_mean_absolute_percentage_error""#, [1, 0, -2, 3], [2, 2], [3, 0, 2, 3], [2, 2],
      batch: 1
    ).results()
    // 2 / 4, 0, 4 / 4 and 0.
    #expect(found == [MetricResult("symmetric_mean_absolute_percentage_error", 75)])
  }

  @Test func errorsInOriginalUnits() throws {
    var field = DataField("future", [2, 2])
    field.scale = FeatureScale(mean: [10, 0], deviation: [2, 0.5])
    let shape: Shape = [1, 2, 2]
    let plain = try read(metricRegistry, #""mean_absolute_error""#).accumulator(
      prediction: shape, target: shape, classNames: [])
    var accumulator = try OriginalUnits(plain, field, prediction: shape, target: shape)
    try accumulator.add(prediction: [1, 1, 0, 2], target: [0, 0, 0, 0], samples: 1)
    #expect(accumulator.results() == [MetricResult("mean_absolute_error", (2 + 0.5 + 1) / 4)])
    #expect(throws: MetricError.self) {
      try OriginalUnits(plain, DataField("x", [2, 2]), prediction: shape, target: shape)
    }
    #expect(throws: MetricError.self) {
      try OriginalUnits(plain, field, prediction: [1, 2, 3], target: shape)
    }
  }

  private func results(
    _ metric: String, _ reference: Reference, batch: Int, classes: Int, target: Shape? = nil
  ) throws -> [MetricResult] {
    var targets = try reference["target"].numbers
    if target == Shape([60, classes]) {
      targets = targets.flatMap { label in (0..<classes).map { $0 == Int(label) ? 1 : 0 } }
    }
    return try add(
      metric, reference["prediction"].numbers, Shape([60, classes]), targets,
      target ?? Shape([60]), batch: batch
    ).results()
  }

  private func expect(_ found: [MetricResult], _ reference: Reference) throws {
    let wanted = try reference["results"].members
    #expect(Set(found.map(\.name)) == Set(wanted.map(\.name)))
    #expect(found.count == wanted.count)
    for result in found {
      let value = try #require(wanted.first { $0.name == result.name }).value.number
      #expect(
        result.value.isNaN == value.isNaN && !(abs(result.value - value) > 1e-14),
        "\(result.name): \(result.value), not \(value)")
      #expect(result.isPerClass == result.name.contains("/"))
      #expect(Better.known(for: result.name) == (result.name.hasPrefix("mean_") ? .lower : .higher))
    }
  }

  /// An accumulator with all rows added, `batch` at a time.
  private func add(
    _ metric: String, _ prediction: [Double], _ predictionShape: Shape, _ target: [Double],
    _ targetShape: Shape, batch: Int = 1 << 30, classNames: [String] = []
  ) throws -> any MetricAccumulator {
    var accumulator = try read(metricRegistry, metric).accumulator(
      prediction: predictionShape, target: targetShape, classNames: classNames)
    let rows = predictionShape[0]
    let (predictions, targets) = (prediction.map { Float($0) }, target.map { Float($0) })
    for start in stride(from: 0, to: rows, by: min(batch, rows)) {
      let end = min(rows, start + batch)
      // Copies, so that reading beyond the rows of a batch is caught by the sanitizer.
      let part = Array(predictions[start * prediction.count / rows..<end * prediction.count / rows])
      let labels = Array(targets[start * target.count / rows..<end * target.count / rows])
      try accumulator.add(prediction: part, target: labels, samples: end - start)
    }
    return accumulator
  }

  @Test func tiesOfScoresCountHalf() {
    #expect(areaUnderCurve([1, 1, 1, 1], [true, false, true, false]) == 0.5)
    #expect(areaUnderCurve([1, 2, 2, 3], [false, true, false, true]) == 0.875)
    #expect(areaUnderCurve([3, 2, 1], [false, true, true]) == 0)
    #expect(areaUnderCurve([1, 2], [true, true]).isNaN)
    #expect(areaUnderCurve([], []).isNaN)
  }

  /// NumPy and SciPy: scripts/reference/make_metric_references.py.
  @Test(arguments: [4, 3, 1]) func imagesAreComparedAsBySciPy(batch: Int) throws {
    let reference = try Reference("metrics.json")["images"]
    let shape: Shape = [4, 13, 14, 2]
    for (name, value) in try reference["results"].members {
      let found = try add(
        "\"\(name)\"", reference["prediction"].numbers, shape, reference["target"].numbers, shape,
        batch: batch
      ).results()
      let wanted = try value.number
      #expect(found.map(\.name) == [name])
      #expect(abs(found[0].value - wanted) < 1e-10 * abs(wanted), "\(name): \(found[0].value)")
    }
  }

  /// SciPy's root of a matrix: scripts/reference/make_metric_references.py. More rows than a block of products has.
  @Test(arguments: [150, 64, 7]) func distancesOfFeaturesAreThoseOfSciPy(batch: Int) throws {
    let reference = try Reference("metrics.json")["features"]
    let found = try add(
      #"{"type": "frechet", "features": "net"}"#, reference["prediction"].numbers, [150, 5],
      reference["target"].numbers, [150, 5], batch: batch
    ).results()
    #expect(found.map(\.name) == ["frechet_net"])
    let wanted = try reference["frechet"].number
    #expect(abs(found[0].value - wanted) < 1e-9 * wanted, "\(found[0].value), not \(wanted)")
    let whole = try add(
      #"{"type": "frechet", "features": "net"}"#, reference["prediction"].numbers, [150, 5],
      reference["target"].numbers, [150, 5]
    ).results()
    #expect(found == whole)
    #expect(Better.known(for: "generator/frechet_net") == .lower)
  }

  @Test func activationsAreCounted() throws {
    let code = [0.5, 0, 0.1, 0.005, 0, 0, -0.3, 0.002]
    let means = try add(
      #"{"type": "mean_activation", "expected": 0.1}"#, code, [4, 2], code, [4, 2], batch: 3
    ).results()
    let wanted = [
      ("mean_activation", 0.038375), ("mean_activation_lowest", 0.00175),
      ("mean_activation_highest", 0.075), ("mean_activation_deviation", 0.9825),
    ]
    #expect(means.map(\.name) == wanted.map(\.0))
    for (result, value) in zip(means, wanted) { #expect(abs(result.value - value.1) < 1e-7) }
    let shares = try add(#""inactive_share""#, code, [4, 2], code, [4, 2], batch: 3).results()
    #expect(shares == [MetricResult("inactive_share", 5 / 8)])
  }

  @Test func classesThatAreNeverPredictedShow() throws {
    let scores: [Double] = [3, 1, 0, 0, 2, 1, 5, 1, 1, 1, 0, 0]
    let found = try add(#""class_share""#, scores, [4, 3], [0, 0, 0, 0], [4]).results()
    #expect(
      found == [
        MetricResult("class_share_smallest", 0),
        MetricResult("class_share/0", 0.75, isPerClass: true),
        MetricResult("class_share/1", 0.25, isPerClass: true),
        MetricResult("class_share/2", 0, isPerClass: true),
      ])
    #expect(Better.known(for: "generator/class_share_smallest") == .higher)
    // Steps of padding have targets below 0.
    let padded = try add(#""class_share""#, scores, [2, 2, 3], [0, -1, 0, -1], [2, 2]).results()
    let counted = try add(
      #""class_share""#, Array(scores[0..<3] + scores[6..<9]), [2, 3], [0, 0], [2]
    ).results()
    #expect(padded == counted)
  }

  /// Scores of any size, as squared errors are: the threshold lies between the two that part the classes best.
  @Test func theBestThresholdOfAScoreIsFound() throws {
    let (scores, truths) = ([9.0, 1, 7, 3, 3, 2], [1.0, 0, 1, 1, 0, 0])
    let best = try add(#""best_f1""#, scores, [6, 1], truths, [6], batch: 2).results()
    #expect(
      best == [MetricResult("best_f1", 6 / 7), MetricResult("best_f1_threshold", 2.5)])
    let fixed = try add(
      #"{"type": "f1", "from_logits": false, "threshold": 2.5}"#, scores, [6, 1], truths, [6]
    ).results()
    #expect(fixed == [MetricResult("f1", 6 / 7)])
    let areas = try add(#""roc_auc""#, scores, [6, 1], truths, [6]).results()
    #expect(areas == [MetricResult("roc_auc", 8.5 / 9)])
    #expect(throws: Problems.self) {
      try read(metricRegistry, #"{"type": "f1", "threshold": 2.5}"#)
    }
  }

  /// As numpy.quantile of the eight numbers.
  @Test(arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 3), (0.9, 6.6), (1, 8)])
  func quantilesAreThoseOfNumPy(_ probability: Double, _ expected: Double) throws {
    let numbers: [Double] = [3, 1, 8, 3, 5, 1, 2, 6]
    let found = try add(
      #"{"type": "quantile", "probability": \#(probability)}"#, numbers, [4, 2], numbers, [4, 2],
      batch: 3
    ).results()
    #expect(found.map(\.name) == ["quantile"])
    #expect(abs(found[0].value - expected) < 1e-12)
  }

  @Test func thresholdsAreProbabilities() throws {
    let scores = [0.2, 0.6, 0.8, 0.9]
    let probabilities = #"{"type": "accuracy", "from_logits": false, "threshold": 0.7}"#
    let logits = #"{"type": "accuracy", "threshold": 0.7}"#
    for (metric, wanted) in [(probabilities, 1.0), (logits, 0.75)] {
      // log(0.7 / 0.3) = 0.847...
      let found = try add(metric, scores, [4], [0, 0, 1, 1], [4]).results()
      #expect(found == [MetricResult("accuracy", wanted)])
    }
  }

  @Test func paddedRowsDoNotCount() throws {
    // Two sequences of three steps, two classes; -1 pads.
    let scores: [Double] = [2, 1, 1, 2, 9, 0, 2, 1, 0, 9, 0, 9]
    let found = try add(#""accuracy""#, scores, [2, 3, 2], [0, 0, 0, 0, -1, -1], [2, 3]).results()
    #expect(found == [MetricResult("accuracy", 0.75)])
    let weights = try add(#""accuracy""#, [2, 1, 2, 1], [2, 2], [0, 0, 1, 0], [2, 2]).results()
    #expect(weights == [MetricResult("accuracy", 1)])
  }

  @Test func namesOfClassesAreUsed() throws {
    let found = try add(#""f1""#, [2, 1, 1, 2], [2, 2], [0, 0], [2], classNames: ["cat", "dog"])
      .results()
    #expect(found.map(\.name) == ["f1_macro", "f1/cat", "f1/dog"])
  }

  @Test func nothingDecidesNothing() throws {
    let settings = [
      "top_k_accuracy": #"{"type": "top_k_accuracy", "k": 2}"#,
      "frechet": #"{"type": "frechet", "features": "net"}"#,
    ]
    let shapes: [String: Shape] = ["best_f1": [4, 1], "ssim": [4, 11, 12, 1]]
    let targets: [String: Shape] = ["mean_absolute_scaled_error": [4, 9]]
    for type in metricRegistry.types where type != "confusion_matrix" {
      let metric = try read(metricRegistry, settings[type] ?? "\"\(type)\"")
      let shape = shapes[type] ?? [4, 3]
      let accumulator = try metric.accumulator(
        prediction: shape, target: targets[type] ?? shape, classNames: [])
      #expect(accumulator.results().allSatisfy { $0.value.isNaN })
      #expect(!accumulator.results().isEmpty)
    }
  }

  @Test func shapesThatDoNotFitAreRefused() throws {
    for (metric, prediction, target, part) in [
      ("\"accuracy\"", Shape([8, 10]), Shape([8, 3]), "expects a target [8] of class numbers"),
      ("\"accuracy\"", Shape([]), Shape([]), "got []"),
      (#"{"type": "top_k_accuracy", "k": 11}"#, Shape([8, 10]), Shape([8]), "at least 11 classes"),
      ("\"mean_squared_error\"", Shape([8, 2]), Shape([8, 3]), "same shape"),
      ("\"confusion_matrix\"", Shape([8, 5000]), Shape([8]), "at most 4096"),
      ("\"psnr\"", Shape([8, 2]), Shape([8, 3]), "same shape"),
      ("\"ssim\"", Shape([8, 28, 10, 1]), Shape([8, 28, 10, 1]), "at least 11 x 11"),
      ("\"best_f1\"", Shape([8, 3]), Shape([8]), "one number a row"),
      ("\"mean_activation\"", Shape([8]), Shape([8]), "[N, ..., U]"),
      ("\"class_share\"", Shape([8, 1]), Shape([8]), "scores"),
      (#"{"type": "frechet", "features": "a"}"#, Shape([8, 3]), Shape([8, 2]), "[N, D]"),
    ] {
      let metric = try read(metricRegistry, metric)
      #expect {
        try metric.accumulator(prediction: prediction, target: target, classNames: [])
      } throws: { "\($0)".contains(part) }
    }
    #expect(throws: MetricError.self) {
      try read(metricRegistry, "\"accuracy\"").accumulator(
        prediction: [8, 10], target: [8], classNames: ["one"])
    }
  }

  @Test func valuesThatMeanNothingAreRefused() throws {
    for (prediction, target, part) in [
      ([1.0, 2, 3], 3.0, "none of the 3 classes"), ([1, 2, 3], 0.5, "none of the 3"),
      ([1, 2, 3], .nan, "none of the 3"), ([1, 2, 3], .infinity, "none of the 3"),
      ([1, .nan, 3], 0, "not a number (row 0"),
    ] {
      for metric in ["accuracy", "f1", "roc_auc", "confusion_matrix"] {
        #expect { try add("\"\(metric)\"", prediction, [1, 3], [target], [1]) } throws: {
          "\($0)".contains(part)
        }
      }
    }
    #expect(throws: MetricError.self) { try add("\"mean_squared_error\"", [.nan], [1], [1], [1]) }
    #expect(throws: MetricError.self) { try add("\"accuracy\"", [0.5], [1], [2], [1]) }
    #expect(throws: MetricError.self) { try add("\"psnr\"", [.nan], [1, 1], [1], [1, 1]) }
    let (image, shape) = ([Double](repeating: .nan, count: 121), Shape([1, 11, 11, 1]))
    #expect(throws: MetricError.self) { try add("\"ssim\"", image, shape, image, shape) }
  }

  @Test func everyResultSaysWhichWayIsBetter() {
    #expect(metricRegistry.types == metricRegistry.types.sorted())
    #expect(Better.known(for: "validation/loss") == .lower)
    #expect(Better.known(for: "generator_loss") == .lower)
    #expect(Better.known(for: "validation/top_5_accuracy") == .higher)
    #expect(Better.known(for: "happiness") == nil)
    #expect(Better.known(for: "") == nil)
    #expect(
      Better.higher.improves(1, on: 0.5, by: 0.4) && !Better.higher.improves(1, on: 0.5, by: 0.5))
    #expect(Better.lower.improves(0.5, on: 1, by: 0.4) && !Better.lower.improves(.nan, on: 1))
  }
}
