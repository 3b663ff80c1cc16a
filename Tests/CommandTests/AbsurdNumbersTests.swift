import Datasets
import Foundation
import GraphIR
import Layers
import ModelSpec
import Settings
import Testing
import Training

/// Whatever number a setting has, a command ends with a code of its own: it neither traps nor takes what is not there.
@Suite struct AbsurdNumbersTests {
  /// 2^53 is the largest whole number that all JSON readers agree on.
  private static let numbers: [JSON] = [-1, 0, 1_000_000_000, 9_007_199_254_740_992]

  /// Every setting of a variant made each of the numbers in turn, and so every whole number within its settings.
  private static func variations(_ json: JSON, _ variant: any Variant.Type) -> [JSON] {
    // What takes no whole number says so before anything is made of it.
    func keys<V: Variant>(_ variant: V.Type) -> [String] {
      V.fields.filter { $0.expectation.contains("integer") }.map(\.name)
    }
    return variations(json, keys: keys(variant))
  }

  private static func variations(_ json: JSON, keys: [String]) -> [JSON] {
    let inner = (json.members ?? []).flatMap { member in
      spoilt(member.value).map { json.setting(member.key, to: $0) }
    }
    return keys.flatMap { key in numbers.map { json.setting(key, to: $0) } } + inner
  }

  /// A list or an object with a whole number in it replaced, each of them in turn.
  private static func spoilt(_ json: JSON) -> [JSON] {
    func changed(_ value: JSON) -> [JSON] {
      if case .integer = value.content { return numbers }
      return spoilt(value)
    }
    if let elements = json.elements {
      return elements.indices.flatMap { index in
        changed(elements[index]).map { value in
          JSON(.array(elements.enumerated().map { $0 == index ? value : $1 }))
        }
      }
    }
    return (json.members ?? []).flatMap { member in
      changed(member.value).map { json.setting(member.key, to: $0) }
    }
  }

  /// A folder with data of many kinds: a table, texts, a series, images, and their like.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    try folder.write("t.csv", "a,b,y\n" + (0..<8).map { "\($0),\(8 - $0),\($0 % 2)\n" }.joined())
    try folder.write("t.txt", (0..<8).map { "\($0) \(8 - $0) \($0 % 2)\n" }.joined())
    try folder.write("text.txt", String(repeating: "abcdef\n", count: 20))
    // Eight images of 48 x 48, for what takes a part of them or puts something on them.
    let head: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 8, 0, 0, 0, 48, 0, 0, 0, 48]
    try folder.write("large.idx", head + (0..<8 * 48 * 48).map { UInt8($0 % 251) })
    return folder
  }

  /// Expects that what numbers are put into is right before.
  private static func expectGood(
    _ config: JSON, _ what: JSON, in folder: TemporaryFolder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try rehearse(config, in: folder)
    #expect(
      [0, 3].contains(result.status),
      "\(what.text()): \(result.status) \(result.stderr.suffix(600))",
      sourceLocation: sourceLocation)
  }

  /// Runs `train --dry-run` with an address space of 2 GB, so that what would take more is refused on any machine.
  private static func rehearse(_ config: JSON, in folder: TemporaryFolder) throws -> Dlcli.Result {
    let name = "\(UUID().uuidString).json"
    try folder.write(name, config.text())
    return try Dlcli.run(
      ["train", name, "--dry-run", "--threads", "1", "--output", "run"], megabytes: 2000,
      in: folder.url)
  }

  /// Expects codes of ours: success, a number that is none, or one of sysexits.h; a signal's number is none of them.
  private static func expectAnEnd(
    _ config: JSON, _ what: JSON, in folder: TemporaryFolder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try rehearse(config, in: folder)
    #expect(
      result.status == 0 || result.status == 3 || (64...78).contains(result.status),
      "\(what.text()): \(result.status) \(result.stderr.suffix(600))",
      sourceLocation: sourceLocation)
  }

  /// An objective of layers over random inputs.
  private static func config(_ inputs: [[Int]], _ entries: [JSON], minimizing loss: String) -> JSON
  {
    // Something is learnt in front of each, so that gradients are planned too.
    let sources = inputs.enumerated().flatMap { number, shape -> [JSON] in
      let raw = "raw\(number)".json
      return [
        ["type": "random_normal", "name": raw, "shape": (shape.isEmpty ? [1] : shape).json],
        [
          "type": "dense", "name": "in\(number)".json, "inputs": JSON(.array([raw])),
          "units": (shape.last ?? 1).json,
        ],
      ]
    }
    return [
      "data": ["train": ["type": "csv", "path": "t.csv", "label": "y"]],
      "model": ["inputs": ["a": [1]], "layers": [["type": "dense", "units": 1]]],
      "training": [
        "batch_size": 2,
        "objectives": [
          [
            "name": "o", "layers": JSON(.array(sources + entries)),
            "minimize": JSON(.object([.init(loss, 1)])), "optimizer": "adam",
          ]
        ],
      ],
    ]
  }

  private static func config(layer: JSON, inputs: [[Int]], isLoss: Bool) -> JSON {
    let names = inputs.indices.map { "in\($0)" }
    var entry = layer.setting("name", to: "it")
    if !names.isEmpty { entry = entry.setting("inputs", to: names.json) }
    let (weights, end): (JSON, JSON) = (
      ["type": "dense", "name": "weights", "inputs": ["it"], "units": 1],
      ["type": "l1_activity", "name": "end", "inputs": ["weights"]]
    )
    return config(
      inputs, isLoss ? [entry] : [entry, weights, end], minimizing: isLoss ? "it" : "end")
  }

  /// The samples of a layer as a config can say them: the layer and the rows that it reads.
  private static func samples(of type: String) -> [(json: JSON, inputs: [[Int]], isLoss: Bool)] {
    func open<L: Layer>(_ layer: L.Type) -> [(JSON, [[Int]], Bool)] {
      L.samples.map { sample in
        (
          sample.layer.typedJSON, sample.inputs.map { Array($0.dimensions.dropFirst()) },
          L.self is any Loss.Type
        )
      }
    }
    guard let layer = layerRegistry.variant(type) as? any Layer.Type else { return [] }
    return open(layer)
  }

  /// Some samples are of forms that the compiler makes; masks for one are no input of any config.
  @Test("Numbers of layers", arguments: layerRegistry.types) func layers(_ type: String) throws {
    let folder = try Self.folder()
    let variant = try #require(layerRegistry.variant(type))
    let sample = try Self.samples(of: type).first { sample in
      let config = Self.config(layer: sample.json, inputs: sample.inputs, isLoss: sample.isLoss)
      return [0, 3].contains(try Self.rehearse(config, in: folder).status)
    }
    guard let sample else {
      #expect(Self.unsaid.contains(type), "no sample of \(type) can be trained")
      return
    }
    for json in Self.variations(sample.json, variant) {
      try Self.expectAnEnd(
        Self.config(layer: json, inputs: sample.inputs, isLoss: sample.isLoss), json, in: folder)
    }
  }

  /// Layers without whole numbers that must stand before layers that know masks, or behind those that merge steps.
  private static let unsaid: Set<String> = ["masking", "split_time"]

  @Test("Numbers of blocks and of what every entry has", arguments: blockRegistry.types)
  func blocks(_ type: String) throws {
    let folder = try Self.folder()
    let variant = try #require(blockRegistry.variant(type) as? any Block.Type)
    func sample<B: Block>(_ block: B.Type) -> (JSON, Int)? {
      block.samples.first.map { ($0.typedJSON, B.inputs.count) }
    }
    let found = sample(variant)
    let (json, count) = try #require(found)
    let inputs = [[Int]](repeating: [4, 8], count: count)
    let variations =
      Self.variations(json, variant) + Self.variations(json, keys: ["repeat", "parameters_of"])
    for json in variations {
      try Self.expectAnEnd(
        Self.config(layer: json, inputs: inputs, isLoss: false), json, in: folder)
    }
  }

  /// A classifier of the images, with one thing said.
  private static func classifier(_ keys: [String], _ value: JSON) -> JSON {
    func set(_ json: JSON, _ keys: ArraySlice<String>) -> JSON {
      guard let key = keys.first else { return value }
      return json.setting(key, to: set(json[key] ?? [:], keys.dropFirst()))
    }
    let rows: JSON = ["type": "idx", "images": "images.idx", "labels": "labels.idx"]
    let good: JSON = [
      "data": ["train": rows, "validation": rows],
      "model": [
        "inputs": ["image": [4, 4, 1]],
        "layers": [
          "flatten", ["type": "dense", "units": 16],
          ["type": "reshape", "name": "shown", "target_shape": [4, 4, 1]], "flatten",
          ["type": "dense", "name": "logits", "units": 3],
        ],
      ],
      "training": [
        "batch_size": 4, "optimizer": "sgd",
        "loss": ["type": "softmax_cross_entropy", "prediction": "logits", "target": "label"],
      ],
    ]
    return set(good, keys[...])
  }

  private static let kinds:
    [(title: String, keys: [String], isList: Bool, variants: [any Variant.Type])] = [
      ("Optimizers", ["training", "optimizer"], false, optimizerRegistry.variants),
      ("Schedules", ["training", "optimizer", "learning_rate"], false, scheduleRegistry.variants),
      ("Metrics", ["training", "metrics"], true, metricRegistry.variants),
      ("Transforms", ["data", "transforms"], true, transformRegistry.variants),
    ]

  @Test("Numbers of optimizers, schedules, metrics and transforms", arguments: kinds.indices)
  func variants(_ kind: Int) throws {
    let folder = try Self.folder()
    let (title, keys, isList, variants) = Self.kinds[kind]
    let pages = try #require(Manual.all.first { $0.title == title }).pages
    for (page, variant) in zip(pages, variants) {
      #expect(page.type == variant.type)
      func config(_ json: JSON) -> JSON {
        let said = isList ? JSON(.array([json])) : json
        return switch title {
        case "Schedules":
          Self.classifier(["training", "optimizer"], ["type": "sgd", "learning_rate": said])
        case "Transforms": Self.imageRows(said)
        default: Self.classifier(keys, said)
        }
      }
      let example = Self.fitting[variant.type] ?? page.example
      let variations = Self.variations(example, variant)
      // What takes no whole number has nothing to be tried.
      guard !variations.isEmpty, !Self.ofSeries.contains(variant.type) else { continue }
      try Self.expectGood(config(example), example, in: folder)
      for json in variations { try Self.expectAnEnd(config(json), json, in: folder) }
    }
  }

  /// Examples that suit three classes.
  private static let fitting: [String: JSON] = [
    "top_k_accuracy": ["type": "top_k_accuracy", "k": 2]
  ]

  /// Metrics that only the data of a reader of series suit.
  private static let ofSeries: Set<String> = ["mean_absolute_scaled_error"]

  /// Large images of three classes whose transforms alone count: nothing reads them.
  private static func imageRows(_ transforms: JSON) -> JSON {
    let rows: JSON = [
      "type": "idx", "images": "large.idx", "labels": "labels.idx", "class_names": ["a", "b", "c"],
    ]
    return config(
      [[2]], [["type": "l1_activity", "name": "end", "inputs": ["in0"]]], minimizing: "end"
    ).setting("data", "train", to: rows).setting("data", "transforms", to: transforms)
  }

  @Test("Numbers of initializers", arguments: initializerRegistry.types)
  func initializers(_ type: String) throws {
    let folder = try Self.folder()
    let variant = try #require(initializerRegistry.variant(type))
    let page = try #require(
      Manual.all.first { $0.title == "Initializers" }?.pages.first { $0.type == type })
    func config(_ json: JSON) -> JSON {
      Self.classifier(
        ["model", "layers"],
        ["flatten", ["type": "dense", "name": "logits", "units": 3, "kernel_initializer": json]])
    }
    let variations = Self.variations(page.example, variant)
    if variations.isEmpty { return }
    try Self.expectGood(config(page.example), page.example, in: folder)
    for json in variations { try Self.expectAnEnd(config(json), json, in: folder) }
  }

  @Test("Numbers of the training itself") func stages() throws {
    let folder = try Self.folder()
    let training = try #require(Self.classifier(["seed"], 1)["training"])
    let keys = StageSettings.fields.filter { $0.expectation.contains("integer") }.map(\.name)
    for json in Self.variations(training, keys: keys) {
      try Self.expectAnEnd(Self.classifier(["training"], json), json, in: folder)
    }
    let nested: [(String, JSON, [String])] = [
      ("early_stopping", [:], EarlyStopping.fields.map(\.name)),
      ("checkpoint", [:], CheckpointSettings.fields.map(\.name)),
      ("samples", ["layer": "shown"], SampleSettings.fields.map(\.name)),
    ]
    for (key, json, keys) in nested {
      try Self.expectGood(Self.classifier(["training", key], json), json, in: folder)
      for json in Self.variations(json, keys: keys) {
        try Self.expectAnEnd(Self.classifier(["training", key], json), json, in: folder)
      }
    }
    for number in Self.numbers {
      try Self.expectAnEnd(Self.classifier(["seed"], number), number, in: folder)
    }
  }

  private static let readers: [JSON] = [
    ["type": "csv", "path": "t.csv", "label": "y"],
    ["type": "columns", "path": "t.txt", "label_column": 2],
    [
      "type": "series", "path": "t.csv", "columns": ["a"], "targets": ["b"], "length": 3,
      "horizon": 1, "rows": [4, 8], "mean": [1, 2], "deviation": [1, 3],
    ],
    ["type": "text", "path": "text.txt", "length": 8, "stride": 4],
    [
      "type": "table", "path": "t.csv",
      "texts": ["words": ["column": "a", "length": 4], "more": ["column": 1, "length": 3]],
      "numbers": ["number": ["column": "b"]],
    ],
    ["type": "idx", "images": "images.idx", "labels": "labels.idx", "classes": 3],
    [
      "type": "idx", "images": "images.idx", "labels": "labels.idx", "slice": [1, 7], "shuffle": 3,
    ],
    [
      "type": "text", "path": "text.txt", "length": 8,
      "tokenizer": ["type": "bpe", "vocabulary_size": 280],
    ],
    [
      "type": "text", "path": "text.txt", "length": 8,
      "tokenizer": ["type": "words", "maximum_size": 20, "minimum_count": 1],
    ],
  ]

  @Test("Numbers of readers and tokenizers", arguments: readers.indices)
  func readersAndTokenizers(_ number: Int) throws {
    let folder = try Self.folder()
    let reader = Self.readers[number]
    let variant = try #require(readerRegistry.variant(reader["type"]?.string ?? ""))
    func config(_ json: JSON) -> JSON {
      Self.config(
        [[2]], [["type": "l1_activity", "name": "end", "inputs": ["in0"]]], minimizing: "end"
      ).setting("data", "train", to: json)
    }
    try Self.expectGood(config(reader), reader, in: folder)
    for json in Self.variations(reader, variant) + Self.variations(reader, keys: ["shuffle"]) {
      try Self.expectAnEnd(config(json), json, in: folder)
    }
  }

  @Test("Numbers on the command line") func options() throws {
    let folder = try TinyRuns.trained(
      GenerationTests.conditional.replacingOccurrences(of: "SAMPLES", with: ""))
    try folder.write("config.json", WrongConfig.good)
    try folder.write("text.txt", String(repeating: "abcdef", count: 20))
    try folder.write(
      "letters.json",
      TextTests.letters.replacingOccurrences(of: "\"epochs\": 20", with: "\"epochs\": 1"))
    _ = try TinyRuns.run(["train", "letters.json", "--output", "letters"], in: folder)
    let letters = ["generate", "letters", "--prompt", "ab", "--tokens", "30"]
    let picture = ["generate", "run", "--output", "out.npy", "--count", "3"]
    let commands: [([String], [String])] = [
      (picture, ["--count", "--seed", "--label", "--threads"]),
      (
        ["generate", "run", "--output", "out.png"],
        ["--count", "--grid", "--interpolate", "--range"]
      ),
      (
        letters,
        [
          "--tokens", "--temperature", "--top-k", "--top-p", "--beams", "--repetition-penalty",
          "--length-penalty", "--seed",
        ]
      ),
      (["predict", "run"], ["--top", "--threads"]),
      (["encode", "run", "--output", "c.npy"], ["--threads"]),
      (["reconstruct", "run", "--output", "r.png"], ["--grid", "--range", "--threads"]),
      (["pca", "config.json", "--output", "pca"], ["--components"]),
      (
        ["pca", "config.json", "--output", "pca", "--overwrite", "--components", "2"], ["--threads"]
      ),
      (["train", "config.json", "--dry-run"], ["--overfit-batches", "--threads", "--max-time"]),
      (
        ["tokenize", "train", "--text", "text.txt", "--output", "tokenizer.json"],
        ["--vocabulary-size", "--minimum-count"]
      ),
    ]
    let numbers = [
      "-1", "0", "1000000000", "9223372036854775807", "1e400", "nan",
    ]
    for (command, options) in commands {
      if !command.contains("pca") || command.contains("--components") {
        _ = try TinyRuns.run(command, in: folder)
      }
      for option in options {
        for number in numbers {
          let value =
            switch option {
            case "--grid": "\(number)x\(number)"
            case "--interpolate": "\(number)..1"
            case "--range": "0,\(number)"
            case "--max-time": "\(number)s"
            default: number
            }
          let result = try Dlcli.run(
            command + ["\(option)=\(value)"], megabytes: 2000, in: folder.url)
          #expect(
            result.status == 0 || (64...78).contains(result.status),
            "\(command) \(option)=\(value): \(result.status) \(result.stderr.suffix(600))")
        }
      }
    }
  }
}
