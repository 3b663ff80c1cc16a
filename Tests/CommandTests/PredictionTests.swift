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
    let folder = try TemporaryFolder()
    try folder.write("animals.csv", "a,b,y\n1,2,0\n3,4,1\n-5,1,0\n")
    try folder.write(
      "run.json",
      """
      {"data": {"train": {"type": "csv", "path": "animals.csv", "label": "y"}},
       "model": {"inputs": {"features": [2]}, "layers": [
         {"type": "dense", "name": "logits", "units": 4, "bias_initializer": "zeros"}]},
       "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
      """)
    let trained = try Dlcli.run(["train", "run.json", "--output", "run"], in: folder.url)
    #expect(trained.status == 0, "\(trained.stderr)")
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
      try folder.write(
        "run.json",
        """
        {"data": {"train": {"type": "image_folder", "path": "p", "channels": 1, "resize": true\(more)},
                  "transforms": [{"type": "scale", "field": "image", "multiply": 0.01}]},
         "model": {"inputs": {"image": \(size)}, "layers": [
           "flatten", {"type": "dense", "name": "logits", "units": 2}]},
         "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
           "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
        """)
      let trained = try Dlcli.run(
        ["train", "run.json", "--output", "run", "--overwrite"], in: folder.url)
      #expect(trained.status == 0, "\(trained.stderr)")
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
}
