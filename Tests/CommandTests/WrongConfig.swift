import Foundation

/// A good configuration with one thing wrong, in a folder of its own.
struct WrongConfig: Sendable {
  let name: String
  let make: @Sendable (TemporaryFolder) throws -> Void

  init(_ name: String, _ make: @escaping @Sendable (TemporaryFolder) throws -> Void) {
    self.name = name
    self.make = make
  }

  /// The good configuration with `old`, which must be there, replaced by `new`.
  init(_ name: String, _ old: String, _ new: String) {
    self.init(name) { folder in
      guard Self.good.contains(old) else { throw Missing(text: old) }
      try folder.write("run.json", Self.good.replacingOccurrences(of: old, with: new))
    }
  }

  struct Missing: Error { let text: String }

  /// A convnet on eight images of 4 x 4 in three classes.
  static let good = """
    {
      "seed": 1,
      "data": {
        "train": {
          "type": "idx",
          "images": "images.idx",
          "labels": "labels.idx",
          "classes": 3
        }
      },
      "model": {
        "inputs": {"image": [4, 4, 1]},
        "layers": [
          {"type": "conv2d", "name": "edges", "filters": 2, "kernel_size": 3},
          {"type": "flatten", "name": "flat"},
          {"type": "dense", "name": "logits", "units": 3}
        ]
      },
      "training": {
        "epochs": 1,
        "batch_size": 4,
        "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"},
        "optimizer": {"type": "sgd", "learning_rate": 0.1}
      }
    }

    """

  static let images: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 8, 0, 0, 0, 4, 0, 0, 0, 4] + (0..<128).map { UInt8($0) }
  static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 8] + (0..<8).map { UInt8($0 % 3) }

  static let all = syntax + keys + models + files

  private static let syntax: [WrongConfig] = [
    WrongConfig("empty file") { try $0.write("run.json", "") },
    WrongConfig("byte order mark") { try $0.write("run.json", "\u{FEFF}" + good) },
    WrongConfig("a hundred thousand brackets") {
      try $0.write("run.json", String(repeating: "[", count: 100_000))
    },
    WrongConfig("trailing comma", "\"seed\": 1,", "\"seed\": 1,,"),
    WrongConfig(
      "trailing comma in an object", "\"learning_rate\": 0.1}", "\"learning_rate\": 0.1,}"),
    WrongConfig("duplicate key", "\"seed\": 1,", "\"seed\": 1, \"seed\": 2,"),
    WrongConfig("invalid UTF-8") {
      try $0.write("run.json", Array("{\"name\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8))
    },
    WrongConfig("a number, not an object") { try $0.write("run.json", "7\n") },
    WrongConfig("cut off") { try $0.write("run.json", String(good.prefix(200))) },
  ]

  private static let keys: [WrongConfig] = [
    WrongConfig("misspelt key", "\"epochs\"", "\"epocs\""),
    WrongConfig("misspelt key of a layer", "\"filters\"", "\"filtres\""),
    WrongConfig("wrong type", "\"epochs\": 1", "\"epochs\": \"ten\""),
    WrongConfig("fraction for a whole number", "\"units\": 3", "\"units\": 2.5"),
    WrongConfig("batch size of nothing", "\"batch_size\": 4", "\"batch_size\": 0"),
    WrongConfig("learning rate below nothing", "0.1", "-0.1"),
    WrongConfig("unknown optimizer", "\"sgd\"", "\"sdg\""),
    WrongConfig(
      "loss reads an unknown output", "\"prediction\": \"logits\"", "\"prediction\": \"logit\""),
    WrongConfig("loss reads an unknown field", "\"target\": \"label\"", "\"target\": \"labels\""),
    WrongConfig("several mistakes at once") {
      try $0.write(
        "run.json",
        good.replacingOccurrences(of: "\"epochs\"", with: "\"epocs\"")
          .replacingOccurrences(of: "\"units\": 3", with: "\"units\": -3"))
    },
    WrongConfig(
      "unset environment variable", "\"images.idx\"", "\"${env:DLCLI_NOWHERE}/images.idx\""),
    WrongConfig("a key like no other", "\"epochs\"", "\"quixotic\""),
    WrongConfig("no data", "\"data\"", "\"x-data\""),
    WrongConfig("no training", "\"training\"", "\"x-training\""),
    WrongConfig("no rows to learn from", "\"train\":", "\"test\":"),
    WrongConfig("extends itself", "\"seed\": 1,", "\"extends\": \"run.json\", \"seed\": 1,"),
    WrongConfig(
      "extends a missing file", "\"seed\": 1,", "\"extends\": \"base.json\", \"seed\": 1,"),
  ]

  private static let models: [WrongConfig] = [
    WrongConfig("unknown layer type", "\"conv2d\"", "\"conv2\""),
    WrongConfig("two layers of one name", "\"flat\"", "\"edges\""),
    WrongConfig(
      "unknown input of a layer", "\"name\": \"flat\"", "\"name\": \"flat\", \"inputs\": \"edgs\""),
    WrongConfig(
      "a later layer read", "\"name\": \"flat\"", "\"name\": \"flat\", \"inputs\": \"logits\""),
    WrongConfig(
      "a layer that reads itself", "\"name\": \"flat\"", "\"name\": \"flat\", \"inputs\": \"flat\""),
    WrongConfig("kernel beyond the image", "\"kernel_size\": 3", "\"kernel_size\": 5"),
    WrongConfig("image of another shape", "[4, 4, 1]", "[5, 4, 1]"),
    WrongConfig("input that no data give", "\"inputs\": {\"image\"", "\"inputs\": {\"picture\""),
    WrongConfig("fewer outputs than classes", "\"units\": 3", "\"units\": 2"),
    WrongConfig("fewer vectors than classes") {
      try $0.write(
        "run.json",
        good.replacingOccurrences(of: "\"inputs\": {", with: "\"inputs\": {\"label\": [], ")
          .replacingOccurrences(
            of: "{\"type\": \"conv2d\"",
            with: """
              {"type": "embedding", "input_dim": 2, "output_dim": 4, "inputs": "label"},
                    {"type": "conv2d", "inputs": "image"
              """))
    },
    WrongConfig("more weights than memory", "\"units\": 3", "\"units\": 4000000000000000"),
    WrongConfig("missing model file") {
      try $0.write(
        "run.json",
        """
        {"data": {"train": {"type": "idx", "images": "images.idx", "labels": "labels.idx"}},
         "model": "model.json", "training": {"epochs": 1, "batch_size": 4}}

        """)
    },
  ]

  private static let files: [WrongConfig] = [
    WrongConfig("missing config") { _ in },
    WrongConfig("missing data file", "\"images.idx\"", "\"image.idx\""),
    WrongConfig("label beyond the classes", "\"classes\": 3", "\"classes\": 2"),
    WrongConfig("truncated gzip") {
      try $0.write("run.json", good.replacingOccurrences(of: "images.idx", with: "images.gz"))
      let real = Dlcli.root.appendingPathComponent("data/digits/digits-test-images-idx3-ubyte.gz")
      try $0.write("images.gz", Array(Data(contentsOf: real).prefix(4000)))
    },
    WrongConfig("IDX header that lies") {
      try $0.write("run.json", good)
      try $0.write("images.idx", [0, 0, 8, 3, 0, 0, 0, 9] + images.dropFirst(8))
    },
    WrongConfig("IDX header of the whole memory") {
      try $0.write("run.json", good)
      try $0.write("images.idx", [0, 0, 8, 3] + Array(repeating: 255, count: 12))
    },
    WrongConfig("IDX of nothing") {
      try $0.write("run.json", good)
      try $0.write("images.idx", [])
    },
    WrongConfig("labels for fewer rows") {
      try $0.write("run.json", good)
      try $0.write("labels.idx", [0, 0, 8, 1, 0, 0, 0, 2, 0, 1])
    },
    WrongConfig("a folder for a data file", "\"images.idx\"", "\".\""),
  ]
}
