import Foundation
import Testing

@Suite struct ComponentsTests {
  /// Four points on the line through (1, 2) along (3, 4), and one off it on either side.
  private static let config = """
    {"name": "points",
     "data": {"train": {"type": "csv", "path": "points.csv", "features": ["x", "y"],
                        "features_field": "point"}}}
    """

  private func points() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "points.csv", "x,y\n-5,-6\n7,10\n-2,-2\n4,6\n0.2,2.6\n1.8,1.4\n")
    try folder.write("pca.json", Self.config)
    return folder
  }

  private struct Printed: Decodable {
    let components: Int
    let variances: [Double]
    let explainedVarianceRatios: [Double]
    let squaredError: [String: Double]
    let principalAngles: [Double]?
  }

  private func printed(_ text: String) throws -> Printed {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Printed.self, from: Data(text.utf8))
  }

  @Test("Points of a plane have the components that a hand finds") func plane() throws {
    let folder = try points()
    let found = try printed(
      TinyRuns.run(
        ["pca", "pca.json", "--components", "1", "--output", "run", "--json"], in: folder))
    // Along (0.6, 0.8) they lie at -10, 10, -5, 5, 0, 0, across it at 0, 0, 0, 0, 1, -1.
    #expect(abs(found.variances[0] - 50) < 1e-6)
    #expect(abs(found.explainedVarianceRatios[0] - 50 / 50.4) < 1e-8)
    #expect(abs((found.squaredError["train"] ?? 0) - 2.0 / 6) < 1e-6)
    let codes = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--network", "encoder"], in: folder))
    for (row, code) in zip(codes, [-10.0, 10, -5, 5, 0, 0]) {
      #expect(abs((row["output"] as? [Double] ?? [])[0] - code) < 1e-5)
    }
    let copies = try TinyRuns.objects(TinyRuns.run(["predict", "run"], in: folder))
    for (row, point) in zip(copies, [[-5.0, -6], [7, 10], [-2, -2], [4, 6], [1, 2], [1, 2]]) {
      let output = try #require(row["output"] as? [Double])
      for (value, expected) in zip(output, point) { #expect(abs(value - expected) < 1e-5) }
    }
  }

  @Test("Whitened codes have the variance 1, and the same reconstructions") func whitened() throws {
    let folder = try points()
    let found = try printed(
      TinyRuns.run(
        ["pca", "pca.json", "--components", "2", "--whiten", "--output", "run", "--json"],
        in: folder))
    #expect(found.squaredError["train"] ?? 1 < 1e-9)
    let codes = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--layer", "code"], in: folder)
    ).map { try #require($0["output"] as? [Double]) }
    for number in 0..<2 {
      let variance = codes.reduce(0) { $0 + $1[number] * $1[number] } / 5
      #expect(abs(variance - 1) < 1e-5)
    }
  }

  /// The numbers are those of scripts/reference/make_component_references.py.
  @Test("The components of the digits are NumPy's") func digits() throws {
    let folder = try TemporaryFolder()
    let found = try printed(
      TinyRuns.run(
        [
          "pca", Dlcli.root.appendingPathComponent("configs/digits-convnet.json").path,
          "--components", "8", "--output", "run", "--json",
        ], in: folder))
    let ratios = [
      0.14854659260991585, 0.1354760503964745, 0.11770881822512237, 0.08613579057611173,
      0.0587092108072398, 0.049629266586324515, 0.04211159513044006, 0.036715639097615965,
    ]
    for (ratio, expected) in zip(found.explainedVarianceRatios, ratios) {
      #expect(abs(ratio - expected) < 1e-9)
    }
    #expect(abs(found.variances[0] - 0.6971173835641902) < 1e-9)
    #expect(abs((found.squaredError["train"] ?? 0) - 1.5237736714566117) < 1e-5)
    #expect(abs((found.squaredError["test"] ?? 0) - 1.52809956155574) < 1e-5)
    let evaluated = try TinyRuns.run(["eval", "run"], in: folder)
    #expect(evaluated.contains("components/squared_error  1.528"))
  }

  /// The angles of two runs' components, from the command line.
  private func angles(
    _ parameter: String, of run: String, components: String, in folder: TemporaryFolder
  ) throws -> [Double] {
    let text = try TinyRuns.run(
      [
        "pca", "pca.json", "--components", components, "--output", "again", "--overwrite", "--json",
        "--compare", run, "--parameter", parameter,
      ], in: folder)
    return try #require(printed(text).principalAngles)
  }

  @Test("Components are compared with what a kernel spans") func angles() throws {
    let folder = try points()
    _ = try TinyRuns.run(["pca", "pca.json", "--components", "1", "--output", "run"], in: folder)
    for kernel in ["encoder/components/kernel", "decoder/values/kernel"] {
      let same = try angles(kernel, of: "run", components: "1", in: folder)
      #expect(same.count == 1 && same[0] < 1e-4)
    }
    // Along (4, 3) instead of (3, 4): turned by atan(4/3) - atan(3/4) = 16.26 degrees.
    try folder.write("points.csv", "x,y\n-7,-4\n9,8\n-3,-1\n5,5\n")
    let turned = try angles("decoder/values/kernel", of: "run", components: "1", in: folder)
    #expect(abs(turned[0] - 16.260204708311956) < 1e-4)
    let table = try TinyRuns.run(
      [
        "pca", "pca.json", "--components", "2", "--output", "plane", "--compare", "run",
        "--parameter", "decoder/values/kernel",
      ], in: folder)
    #expect(table.contains("largest principal angle, degrees"))
  }

  @Test("What cannot be computed is said") func mistakes() throws {
    let folder = try points()
    _ = try TinyRuns.run(["pca", "pca.json", "--components", "1", "--output", "run"], in: folder)
    let cases: [([String], Int32, String)] = [
      (["--components", "3", "--output", "new"], 78, "has 2 numbers"),
      (["--components", "1", "--output", "run"], 73, "--overwrite"),
      (["--components", "1", "--output", "run", "--overwrite"], 0, ""),
      (["--components", "1", "--output", "new", "--field", "pint"], 78, "did you mean \"point\""),
      (["--components", "0", "--output", "new"], 64, "at least 1"),
      (["--components", "1", "--output", "new", "--set", "data.train.path=no.csv"], 66, "no.csv"),
      (["--components", "1", "--output", "new", "--compare", "run"], 64, "--parameter"),
      (
        [
          "--components", "1", "--output", "again", "--compare", "run", "--parameter",
          "decoder/value/kernel",
        ], 78, "did you mean \"decoder/values/kernel\""
      ),
      (
        [
          "--components", "1", "--output", "bias", "--compare", "run", "--parameter",
          "decoder/values/bias",
        ], 78, "expected a matrix"
      ),
    ]
    for (arguments, status, message) in cases {
      let result = try Dlcli.run(["pca", "pca.json"] + arguments, in: folder.url)
      #expect(result.status == status, "\(arguments): \(result.stderr)")
      #expect(message.isEmpty || result.stderr.contains(message), "\(result.stderr)")
    }
    try folder.write("points.csv", "x,y\n1,1\n2,1\n3,1\n")
    let flat = try Dlcli.run(
      ["pca", "pca.json", "--components", "2", "--whiten", "--output", "new"], in: folder.url)
    #expect(flat.status == 78 && flat.stderr.contains("component 2"), "\(flat.stderr)")
  }
}
