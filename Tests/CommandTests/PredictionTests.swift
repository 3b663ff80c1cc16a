import Foundation
import Testing

@Suite struct PredictionTests {
  @Test("What predict says agrees with the accuracy that eval prints") func accuracy() throws {
    let folder = try TemporaryFolder()
    let trained = try Dlcli.run([
      "train", "configs/digits-convnet.json", "--output", folder.path("run"),
      "--set", "training.epochs=2",
    ])
    #expect(trained.status == 0, "\(trained.stderr)")
    let evaluated = try Dlcli.run(["eval", folder.path("run"), "--json"])
    let accuracy = try #require(
      TinyRuns.objects(evaluated.stdout.replacingOccurrences(of: "\n", with: ""))[0]["accuracy"]
        as? Double)
    let result = try Dlcli.run(["predict", folder.path("run"), "--top", "3"])
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stderr)")
    let rows = try TinyRuns.objects(result.stdout)
    #expect(rows.map { $0["row"] as? Int } == Array(0..<rows.count))
    let correct = rows.count { $0["class"] as? Int == $0["label"] as? Int }
    #expect(abs(Double(correct) / Double(rows.count) - accuracy) < 1e-12)
    for row in rows {
      let top = try #require(row["top"] as? [[String: Any]])
      let probabilities = top.compactMap { $0["probability"] as? Double }
      #expect(top[0]["class"] as? Int == row["class"] as? Int)
      #expect(probabilities.count == 3 && probabilities == probabilities.sorted(by: >))
      #expect(probabilities.reduce(0, +) <= 1.000_01 && probabilities[0] >= 0.1)
    }
    // Without the labels, from another file, and without the data of the configuration.
    let images = Dlcli.root.appendingPathComponent(
      "data/digits/digits-test-images-idx3-ubyte.gz")
    let other = try Dlcli.run([
      "predict", folder.path("run"), "--input", images.path, "--top", "3",
      "--set", "data.train.images=nowhere.gz", "--set", "data.test.images=nowhere.gz",
    ])
    #expect(other.status == 0, "\(other.stderr)")
    let unlabelled = try TinyRuns.objects(other.stdout)
    #expect(unlabelled.allSatisfy { $0["label"] == nil })
    #expect(unlabelled.map { $0["class"] as? Int } == rows.map { $0["class"] as? Int })
  }

  @Test("Classes have their names, and a layer its numbers") func namesAndLayers() throws {
    let folder = try TinyRuns.trained(
      WrongConfig.good.replacingOccurrences(
        of: "\"classes\": 3", with: "\"class_names\": [\"a\", \"b\", \"c\"]"))
    let rows = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--split", "train"], in: folder))
    #expect(rows.count == 8)
    for row in rows {
      let number = try #require(row["class"] as? Int)
      #expect(row["name"] as? String == ["a", "b", "c"][number])
    }
    let logits = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--layer", "logits"], in: folder))
    for (row, raw) in zip(rows, logits) {
      let output = try #require(raw["output"] as? [Double])
      let sum = output.reduce(0) { $0 + exp($1 - (output.max() ?? 0)) }
      let probability = try #require(row["probability"] as? Double)
      #expect(abs(1 / sum - probability) < 1e-6)
    }
    let edges = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--layer", "edges"], in: folder))
    let map = try #require(edges[0]["output"] as? [[[Double]]])
    #expect(map.count == 2 && map[0].count == 2 && map[0][0].count == 2)
  }

  @Test("A class without a name is called by its number, a label that is none is what it is")
  func unnamedClasses() throws {
    let folder = try TinyRuns.trained(
      TinyRuns.classifier(features: 2, units: 4, ofHead: #", "bias_initializer": "zeros""#),
      ["t.csv": "a,b,y\n1,2,0\n3,4,1\n-5,1,0\n"])
    let rows = try TinyRuns.objects(TinyRuns.run(["predict", "run", "--top", "4"], in: folder))
    #expect(rows.count == 3)
    for row in rows {
      let top = try #require(row["top"] as? [[String: Any]])
      #expect(Set(top.compactMap { $0["class"] as? Int }) == [0, 1, 2, 3])
      for entry in top + [row] {
        let number = try #require(entry["class"] as? Int)
        #expect(entry["name"] as? String == ["0", "1", "2", "3"][number])
      }
    }
    try folder.write("more.csv", "a,b\n3,4\n1,2\n")
    let more = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--input", "more.csv"], in: folder))
    #expect(more.map { $0["label"] == nil } == [true, true])
    for (row, known) in zip(more, [rows[1], rows[0]]) {
      #expect(row["class"] as? Int == known["class"] as? Int)
      #expect(row["probability"] as? Double == known["probability"] as? Double)
    }
    let scale =
      #"data.train.transforms=[{"type": "scale", "field": "label", "multiply": 1e30}]"#
    let scaled = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--set", scale], in: folder))
    #expect(scaled.map { ($0["label"] as? Double ?? -1) > 1e29 } == [false, true, false])
    let encoded = try Dlcli.run(
      ["encode", "run", "--layer", "logits", "--output", "codes.csv", "--set", scale],
      in: folder.url)
    #expect(encoded.status == 65, "\(encoded.stderr)")
    #expect(
      encoded.stderr.contains(
        "row 1, field \"label\": expected a class, a whole number, got 1e+30"))
  }

  @Test("A picture of another size is brought to that of the rows where the data's are")
  func pictures() throws {
    let folder = try TemporaryFolder()
    // 1 x 3 and 1 x 4 grey pixels.
    for (name, bytes) in [
      (
        "a/x.png",
        "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABEAAAAABuG5crAAAAD0lEQVR4nGNgYGBk+P8fAAMIAgBBcJANAAAAAElFTkSuQmCC"
      ),
      (
        "b/y.png",
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAABAQAAAADRRzJgAAAACklEQVR4nGNIAAAAYgBhsZh58gAAAABJRU5ErkJggg=="
      ),
    ] {
      let file = folder.url.appendingPathComponent("p/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try #require(Data(base64Encoded: bytes)).write(to: file)
    }
    for (size, more) in [("[2, 2, 1]", #", "image_size": [2, 2]"#), ("[1, 3, 1]", "")] {
      try TinyRuns.train(
        TinyRuns.pictures(#", "resize": true"# + more, size: size), in: folder)
      func probabilities(_ arguments: [String]) throws -> [Double] {
        try TinyRuns.objects(TinyRuns.run(["predict", "run"] + arguments, in: folder))
          .compactMap { $0["probability"] as? Double }
      }
      let rows = try probabilities(["--split", "train"])
      #expect(rows.count == 2)
      #expect(try probabilities(["--input", "p/a/x.png"]) == [rows[0]])
      #expect(try probabilities(["--input", "p/b"]) == [rows[1]])
    }
  }

  @Test("A network that is no classifier gives its numbers") func regression() throws {
    let folder = try TemporaryFolder()
    try folder.write("points.csv", "x,y\n1,2\n2,4\n3,6\n")
    try folder.write(
      "run.json",
      """
      {"data": {"train": {"type": "csv", "path": "points.csv", "features": ["x"],
                          "features_field": "x", "targets": ["y"], "target_field": "y"}},
       "model": {"inputs": {"x": [1]}, "layers": [{"type": "dense", "name": "line", "units": 1}]},
       "training": {"epochs": 200, "batch_size": 3,
         "loss": {"type": "mean_squared_error", "prediction": "line", "target": "y"},
         "optimizer": {"type": "sgd", "learning_rate": 0.1}}}
      """)
    let trained = try Dlcli.run(["train", "run.json", "--output", "run"], in: folder.url)
    guard trained.status == 0 else {
      Issue.record("\(trained.stderr)")
      return
    }
    let rows = try TinyRuns.objects(TinyRuns.run(["predict", "run"], in: folder))
    #expect(rows.count == 3 && rows.allSatisfy { $0["class"] == nil })
    for (row, expected) in zip(rows, [2.0, 4, 6]) {
      let output = try #require((row["output"] as? [Double])?.first)
      #expect(abs(output - expected) < 0.05)
    }
  }

  @Test("What cannot be computed is said with what there is")
  func mistakes() throws {
    let folder = try TinyRuns.trained(WrongConfig.good)
    try folder.write("other.idx", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4])
    let cases: [([String], Int32, String)] = [
      (["--layer", "logit"], 78, "did you mean \"logits\""),
      (["--network", "modle"], 78, "did you mean \"model\""),
      (["--layer", "loss"], 78, "a part for each row"),
      (["--split", "test"], 78, "they have train"),
      (["--input", "nowhere.idx"], 66, "nowhere.idx"),
      (["--input", "other.idx"], 65, "expected rows that become [4, 4, 1], got [2, 2, 1]"),
      (["--input", "other.idx", "--split", "test"], 64, "choose one"),
      (["--top", "0"], 64, "at least 1"),
    ]
    for (arguments, status, message) in cases {
      let result = try Dlcli.run(["predict", "run"] + arguments, in: folder.url)
      #expect(result.status == status, "\(arguments): \(result.stderr)")
      #expect(result.stderr.contains(message), "\(arguments): \(result.stderr)")
      #expect(result.stdout.isEmpty)
    }
  }

  @Test(
    "Columns of a table come back in the units of the file, by their names",
    arguments: [
      #""transforms": [{"type": "standardize", "field": "target"}, {"type": "standardize", "field": "features"}]"#,
      #"""
      "transforms": [{"type": "scale", "field": "target", "divide": -100, "add": 2},
        {"type": "scale", "field": "features", "divide": 2}]
      """#,
      #"""
      "transforms": [{"type": "scale", "field": "target", "divide": 100},
        {"type": "scale", "field": "features", "divide": 2}, {"type": "standardize", "field": "target"}]
      """#,
    ])
  func originalUnits(transforms: String) throws {
    let folder = try TinyRuns.trained(
      """
      {"data": {"train": {"type": "csv", "path": "houses.csv", "targets": ["price", "age"]}, \(transforms)},
       "model": {"inputs": {"features": [1]}, "layers": [{"type": "dense", "name": "line", "units": 2}]},
       "training": {"steps": 4000, "batch_size": 4,
         "loss": {"type": "mean_squared_error", "prediction": "line", "target": "target"},
         "optimizer": {"type": "sgd", "learning_rate": 0.1}}}
      """, ["houses.csv": "rooms,price,age\n1,250,40\n2,350,30\n3,450,20\n4,550,10\n"])
    for (rooms, row) in zip(
      1...4, try TinyRuns.objects(TinyRuns.run(["predict", "run"], in: folder)))
    {
      let output = try #require(row["output"] as? [Double])
      #expect(abs(output[0] - Double(150 + 100 * rooms)) < 1, "\(row)")
      #expect(abs(output[1] - Double(50 - 10 * rooms)) < 0.5, "\(row)")
      #expect(row["values"] as? [String: Double] == ["price": output[0], "age": output[1]])
    }
    try folder.write("new.csv", "rooms\n5\n")
    let new = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--input", "new.csv"], in: folder))
    let values = try #require(new[0]["values"] as? [String: Double])
    #expect(abs((values["price"] ?? 0) - 650) < 3 && abs((values["age"] ?? 9)) < 1, "\(values)")
    // A layer's numbers are the network's.
    let layer = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--input", "new.csv", "--layer", "line"], in: folder))
    let raw = try #require(layer[0]["output"] as? [Double])
    #expect(abs(raw[0]) < 20 && layer[0]["values"] == nil)
  }

  @Test("A forecast has the units and the columns of its series") func forecast() throws {
    let steps = (0..<40).map { "\($0),\(1000 + 10 * $0),\(50 - $0)\n" }
    let folder = try TinyRuns.trained(
      """
      {"data": {"train": {"type": "series", "path": "s.csv", "columns": ["up"], "targets": ["up", "down"],
                          "length": 2, "horizon": 3}},
       "model": {"inputs": {"past": [2, 1]}, "layers": [
         "flatten", {"type": "dense", "units": 6}, {"type": "reshape", "name": "out", "target_shape": [3, 2]}]},
       "training": {"steps": 1500, "batch_size": 18,
         "loss": {"type": "mean_squared_error", "prediction": "out", "target": "future"},
         "optimizer": {"type": "adam", "learning_rate": 0.01}}}
      """, ["s.csv": "step,up,down\n" + steps.joined()])
    try folder.write("now.csv", "up\n1370\n1380\n1390\n")
    let rows = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--input", "now.csv"], in: folder))
    #expect(rows.count == 2)
    let output = try #require(rows[1]["output"] as? [[Double]])
    let values = try #require(rows[1]["values"] as? [String: [Double]])
    #expect(values["up"] == output.map { $0[0] } && values["down"] == output.map { $0[1] })
    for step in 0..<3 {
      #expect(abs(output[step][0] - Double(1400 + 10 * step)) < 30, "\(output)")
      #expect(abs(output[step][1] - Double(10 - step)) < 3, "\(output)")
    }
  }

  private static let rows = "u,v,kind,size\n1,2,0,5\n3,-4,2,7\n0,1,1,9\n"

  private static let heads = """
    {"data": {"train": {"type": "csv", "path": "t.csv", "label": "kind", "targets": ["size"]},
              "transforms": [{"type": "scale", "field": "target", "divide": 10}]},
     "model": {"networks": {
       "heads": {"inputs": {"x": [2]}, "layers": [
         {"type": "dense", "name": "scores", "units": 3},
         {"type": "dense", "name": "size", "units": 1, "inputs": ["x"]}], "outputs": ["scores", "size"]},
       "reader": {"inputs": {"features": [2]}, "layers": [
         {"type": "reshape", "target_shape": [2, 1]},
         {"type": "lstm", "name": "memory", "units": 3, "return_state": true}], "outputs": ["memory:1", "memory"]}}},
     "training": {"steps": 0, "batch_size": 2, "objectives": [
       {"name": "all", "layers": [{"type": "network", "name": "both", "network": "heads", "inputs": ["features"]},
                   {"type": "network", "name": "read", "network": "reader", "inputs": ["features"]},
                   {"type": "softmax_cross_entropy", "name": "a", "inputs": ["both", "label"]},
                   {"type": "mean_squared_error", "name": "b", "inputs": ["both:1", "target"]},
                   {"type": "dense", "name": "guess", "units": 1, "inputs": ["read"]},
                   {"type": "mean_squared_error", "name": "c", "inputs": ["guess", "target"]}],
        "minimize": {"a": 1, "b": 1, "c": 1}, "optimizer": "sgd"}]}}
    """

  @Test("Every output of a network and of a layer can be had") func outputs() throws {
    let folder = try TinyRuns.trained(Self.heads, ["t.csv": Self.rows])
    func rows(_ arguments: String...) throws -> [[String: Any]] {
      try TinyRuns.objects(TinyRuns.run(["predict", "run"] + arguments, in: folder))
    }
    func outputs(_ rows: [[String: Any]]) throws -> [[Double]] {
      try rows.map { try #require($0["output"] as? [Double]) }
    }
    let all = try rows("--network", "heads")
    let (scores, sizes) = try (
      outputs(rows("--network", "heads/scores")), outputs(rows("--network", "heads/size"))
    )
    #expect(scores[0].count == 3 && sizes[0].count == 1)
    for (index, row) in all.enumerated() {
      #expect(row["output"] as? [Double] == scores[index])
      #expect(
        row["outputs"] as? [String: [Double]] == ["scores": scores[index], "size": sizes[index]])
    }
    #expect(try outputs(rows("--network", "heads:1")) == sizes)
    #expect(try outputs(rows("--layer", "both:1")) == sizes)
    #expect(try outputs(rows("--layer", "both")) == scores)
    #expect(try outputs(rows("--layer", "both:0")) == scores)
    // An LSTM gives its last state h, and once more h, and c.
    let states = try (0..<3).map { try outputs(rows("--layer", "read/memory:\($0)")) }
    #expect(states[0] == states[1] && states[1] != states[2])
    #expect(try outputs(rows("--network", "reader/memory:1")) == states[1])
    _ = try TinyRuns.run(
      ["encode", "run", "--layer", "read/memory:2", "--output", "c.csv"], in: folder)
    let lines = try String(contentsOfFile: folder.path("c.csv"), encoding: .utf8).split(
      separator: "\n")
    let cells = lines.dropFirst().flatMap {
      $0.split(separator: ",").suffix(3).compactMap { Double($0) }
    }
    #expect(cells.count == 9)
    for (cell, expected) in zip(cells, states[2].flatMap(\.self)) {
      #expect(abs(cell - expected) < 1e-6)
    }
    let encoded = try Dlcli.run(
      ["encode", "run", "--network", "heads", "--output", "c.npy"], in: folder.url)
    #expect(
      encoded.stderr
        == "c.npy: 3 rows of heads [3], its first output; --network takes heads/size too\n")
    for (arguments, message) in [
      (
        ["--layer", "read/memory:3"],
        #"has no output "3" (known: all/read/memory, all/read/memory:1, all/read/memory:2)"#
      ),
      (["--layer", "both:2"], #"both" has no output "2" (known: all/both, all/both:1)"#),
      (["--layer", "both:x"], #"both" has no output "x" (known: all/both, all/both:1)"#),
      (["--network", "heads/sizes"], "has no output \"sizes\" (known: heads/scores, heads/size)"),
      (["--network", "heads:2"], "has no output \"2\" (known: heads/scores, heads/size)"),
      (["--network", "head/size"], "no network is called \"head\" (did you mean \"heads\"?)"),
    ] {
      let result = try Dlcli.run(["predict", "run"] + arguments, in: folder.url)
      #expect(result.status == 78 && result.stderr.contains(message), "\(result.stderr)")
    }
  }

  @Test("All that is predicted of a row is told, by the names of the fields") func predictions()
    throws
  {
    let folder = try TinyRuns.trained(Self.heads, ["t.csv": Self.rows])
    let raw = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--network", "heads/size"], in: folder))
    for (row, raw) in zip(try TinyRuns.objects(TinyRuns.run(["predict", "run"], in: folder)), raw) {
      let all = try #require(row["predictions"] as? [String: [String: Any]])
      #expect(Set(all.keys) == ["label", "target"])
      #expect(all["label"]?["class"] as? Int == row["class"] as? Int)
      #expect(all["label"]?["probability"] as? Double == row["probability"] as? Double)
      let values = try #require(all["target"]?["values"] as? [String: Double])
      let network = try #require(raw["output"] as? [Double])
      #expect(abs((values["size"] ?? .nan) - 10 * network[0]) < 1e-4)
    }
  }
}
