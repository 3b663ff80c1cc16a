import GraphIR
import Layers
import Settings
import TensorCore
import Testing

@Suite struct InitializerTests {
  private func values(_ json: String, _ shape: Shape) throws -> [Double] {
    var problems = Problems()
    let parsed = try JSONParser.parse(Array(json.utf8), file: "test.json")
    let initializer = initializerRegistry.read(parsed, at: "kernel_initializer", &problems)
    try problems.throwIfAny()
    return ParameterSpec("kernel", shape, try #require(initializer)).initialValues(
      RandomStream(seed: 3, name: json))
  }

  private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count)).squareRoot())
  }

  @Test func constants() throws {
    #expect(try values("\"zeros\"", [2, 2]) == [0, 0, 0, 0])
    #expect(try values("\"ones\"", [3]) == [1, 1, 1])
    #expect(try values("{\"type\": \"constant\", \"value\": 0.25}", [2]) == [0.25, 0.25])
  }

  @Test func eachValueIsTheNumberOfItsIndex() throws {
    let uniform = "{\"type\": \"random_uniform\", \"minval\": -1, \"maxval\": 3}"
    let normal = "{\"type\": \"random_normal\", \"mean\": 1, \"stddev\": 0.5}"
    for count in 1...9 {
      let shape = Shape([count])
      let (one, other) = (
        RandomStream(seed: 3, name: uniform), RandomStream(seed: 3, name: normal)
      )
      #expect(try values(uniform, shape) == (0..<count).map { -1 + 4 * one.uniform($0) })
      #expect(try values(normal, shape) == (0..<count).map { 1 + 0.5 * other.normal($0) })
    }
  }

  /// Fans of a kernel [3, 3, 20, 40]: 180 in, 360 out.
  @Test(arguments: [
    ("glorot", 2.0 / 540), ("he", 2.0 / 180), ("lecun", 1.0 / 180),
  ])
  func variancesFollowTheFans(_ family: String, _ variance: Double) throws {
    let uniform = try values("\"\(family)_uniform\"", [3, 3, 20, 40])
    let normal = try values("\"\(family)_normal\"", [3, 3, 20, 40])
    for values in [uniform, normal] {
      let (mean, deviation) = moments(values)
      #expect(abs(mean) < 0.03 * variance.squareRoot())
      #expect(abs(deviation / variance.squareRoot() - 1) < 0.02)
    }
    let limit = (3 * variance).squareRoot()
    #expect(uniform.allSatisfy { abs($0) <= limit })
    #expect(try #require(uniform.map(abs).max()) > 0.99 * limit)
    let cut = 2 * variance.squareRoot() / 0.879_625_66
    #expect(normal.allSatisfy { abs($0) <= cut })
    #expect(try #require(normal.map(abs).max()) > 0.95 * cut)
  }

  @Test func randomNumbersHaveTheirSettings() throws {
    let normal = moments(
      try values("{\"type\": \"random_normal\", \"mean\": 1, \"stddev\": 0.5}", [20_000]))
    #expect(abs(normal.mean - 1) < 0.02 && abs(normal.deviation - 0.5) < 0.02)
    let truncated = try values("{\"type\": \"truncated_normal\", \"stddev\": 0.5}", [20_000])
    #expect(truncated.allSatisfy { abs($0) <= 1 })
    #expect(abs(moments(truncated).deviation - 0.5 * 0.8796) < 0.01)
    let uniform = try values(
      "{\"type\": \"random_uniform\", \"minval\": 2, \"maxval\": 3}", [20_000])
    #expect(uniform.allSatisfy { (2..<3).contains($0) })
    #expect(abs(moments(uniform).mean - 2.5) < 0.01)
  }

  @Test(arguments: [[4, 16] as Shape, [16, 4], [5, 5], [2, 3, 4]])
  func orthogonalIsOrthonormal(_ shape: Shape) throws {
    let matrix = try values("{\"type\": \"orthogonal\", \"gain\": 2}", shape)
    let (columns, rows) = (shape.last, shape.count / shape.last)
    func dot(_ one: Int, _ other: Int) -> Double {
      rows <= columns
        ? (0..<columns).reduce(0) {
          $0 + matrix[one * columns + $1] * matrix[other * columns + $1]
        }
        : (0..<rows).reduce(0) { $0 + matrix[$1 * columns + one] * matrix[$1 * columns + other] }
    }
    for one in 0..<min(rows, columns) {
      for other in 0..<min(rows, columns) {
        #expect(abs(dot(one, other) - (one == other ? 4 : 0)) < 1e-12)
      }
    }
  }

  @Test func orthogonalRefusesVectors() {
    #expect(Initializers.Orthogonal().objection(to: [3]) != nil)
    #expect(Initializers.Orthogonal().objection(to: [3, 3]) == nil)
  }

  @Test func theForgetGateOfAnLSTMBeginsOpen() throws {
    let parameters = try LSTM(units: 2).signature(for: [[1, 3, 4]], batch: 1).parameters
    #expect(parameters.map(\.name) == ["kernel", "recurrent_kernel", "bias"])
    #expect(
      parameters[2].initialValues(RandomStream(seed: 1, name: "b")) == [0, 0, 1, 1, 0, 0, 0, 0])
  }

  @Test func theRangeOfRandomUniformMustNotBeTurnedAround() {
    #expect(throws: Problems.self) {
      try values("{\"type\": \"random_uniform\", \"minval\": 1, \"maxval\": 0}", [1])
    }
  }

  @Test func misspeltNamesAreGuessed() throws {
    var problems = Problems()
    let json: JSON = ["type": "dense", "units": 3, "kernel_initializer": "he_uniform_"]
    #expect(layerRegistry.read(json, at: "layers[0]", &problems) == nil)
    #expect(
      problems.description
        == "layers[0].kernel_initializer.type: unknown initializer \"he_uniform_\""
        + " (did you mean \"he_uniform\"?)")
  }
}
