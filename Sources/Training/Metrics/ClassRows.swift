import GraphIR
import TensorCore

/// How a classifier's predictions and targets lie in memory, and what each row says.
///
/// Predictions are [N, ..., C], or [N] and [N, ..., 1] for two classes by one number. Targets are class numbers
/// ([N, ...] or [N, ..., 1]) or one weight a class ([N, ..., C]), the largest of which is the class. A row whose
/// target is negative, as evaluation marks padding, or whose weights are all 0 does not count.
struct ClassRows: Sendable {
  /// How many classes there are: 2 where one number decides.
  let classes: Int
  let classNames: [String]
  /// Numbers in a row of the prediction; 1 where one number decides between two classes.
  let width: Int
  private let targetWidth: Int
  private let metric: String
  /// Rows of a sample: the steps of a sequence, the places of an image.
  private let rowsPerSample: Int
  /// What the numbers of targets may be, where they are classes; nil where they are weights.
  var targetValues: Signature.Values? {
    if targetWidth > 1 { return nil }
    return width > 1 ? .integers(below: classes) : .unitInterval
  }
  /// Numbers of a sample.
  var predictionCount: Int { rowsPerSample * width }
  var targetCount: Int { rowsPerSample * targetWidth }

  /// The layout of these shapes, the batch axis first.
  init(
    _ metric: String, prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) {
    let labels: Shape
    if prediction.rank == 1 {
      (width, labels) = (1, prediction)
    } else if prediction.rank > 1 {
      (width, labels) = (prediction.last, prediction.dropLast)
    } else {
      throw MetricError("\(metric) expects a prediction [N, C], got \(prediction)")
    }
    let columns = Shape(labels.dimensions + [1])
    if target == labels || target == columns {
      targetWidth = 1
    } else if target == prediction {
      targetWidth = width
    } else {
      throw MetricError(
        "\(metric) of a prediction \(prediction) expects a target \(labels) of class numbers"
          + (width > 1 ? " or \(prediction) of one weight a class" : "") + ", got \(target)")
    }
    guard width > 0 else { throw MetricError("\(metric) of a prediction without classes") }
    let classes = max(2, width)
    guard classNames.isEmpty || classNames.count == classes else {
      throw MetricError(
        "\(metric) has \(classNames.count) class names for predictions of \(classes) classes")
    }
    self.classes = classes
    self.classNames = classNames.isEmpty ? (0..<classes).map(String.init) : classNames
    rowsPerSample = labels.dropFirst.count
    self.metric = metric
  }

  /// The same classes in batches of other shapes.
  func reshaped(prediction: Shape, target: Shape) throws(MetricError) -> ClassRows {
    let rows = try ClassRows(
      metric, prediction: prediction, target: target, classNames: classNames)
    guard rows.width == width else {
      throw MetricError("\(metric) of \(classes) classes, and then of \(rows.classes)")
    }
    return rows
  }

  /// Calls `body` for every row that counts, with its predictions and its class.
  @inline(__always)
  func forEach(
    _ prediction: UnsafePointer<Float>, _ target: UnsafePointer<Float>, samples: Int,
    _ body: (UnsafePointer<Float>, Int) -> Void
  ) throws(MetricError) {
    for row in 0..<samples * rowsPerSample {
      let scores = prediction + row * width
      for column in 0..<width where scores[column].isNaN {
        throw MetricError("a prediction is not a number (row \(row) of the batch)")
      }
      guard let truth = try truth(target + row * targetWidth, row) else { continue }
      body(scores, truth)
    }
  }

  private func truth(_ target: UnsafePointer<Float>, _ row: Int) throws(MetricError) -> Int? {
    if targetWidth == 1 {
      let value = target[0]
      if value < 0 { return nil }
      // A smoothed target of one number still says which of the two classes is meant.
      if width == 1, value <= 1 { return value > 0.5 ? 1 : 0 }
      guard value == value.rounded(), value < Float(classes) else {
        throw MetricError(
          "the target \(value) is none of the \(classes) classes (row \(row) of the batch)")
      }
      return Int(value)
    }
    let best = largest(target, targetWidth)
    return target[best] > 0 ? best : nil
  }
}

/// Where the largest of `count` numbers stands, the first of equal ones.
@inline(__always)
func largest(_ values: UnsafePointer<Float>, _ count: Int) -> Int {
  var best = 0
  for i in 1..<max(1, count) where values[i] > values[best] { best = i }
  return best
}

/// What counts rows of classes one by one, whatever sequences they come in.
protocol ClassRowsAccumulator: MetricAccumulator {
  var rows: ClassRows { get set }
}

extension ClassRowsAccumulator {
  mutating func reshape(prediction: Shape, target: Shape) throws(MetricError) {
    rows = try rows.reshaped(prediction: prediction, target: target)
  }
}
