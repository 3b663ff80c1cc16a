import Foundation
import Testing

/// `--input`: what the training data were read by reads other files too.
@Suite struct InputTests {
  private func predict(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> [[String: Any]] {
    try TinyRuns.objects(TinyRuns.run(["predict", "run"] + arguments, in: folder))
  }

  /// What predict computes, without what says which row it is.
  private func outputs(_ rows: [[String: Any]]) throws -> [NSArray] {
    try rows.map { try #require($0["output"] as? NSArray) }
  }

  private func write(_ name: String, _ bytes: [UInt8], in folder: TemporaryFolder) throws {
    let file = folder.url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  @Test("Texts and numbers of a row come from one table") func tables() throws {
    let folder = try TemporaryFolder()
    try folder.write("t.tsv", "first\tsecond\tscore\tkind\na b\tb\t1\tx\nb c\ta\t-2\ty\n")
    try TinyRuns.train(
      """
      {"data": {"train": {"type": "table", "path": "t.tsv", "classes": {"kind": {}},
         "texts": {"first": {"length": 2}, "then": {"column": "second", "length": 1, "tokenizer_of": "first"}},
         "numbers": {"score": {}}}},
       "model": {"inputs": {"first": [2], "then": [1], "score": []}, "layers": [
         {"type": "reshape", "name": "number", "inputs": ["score"], "target_shape": [1]},
         {"type": "concatenate", "name": "all", "inputs": ["first", "then", "number"]},
         {"type": "dense", "name": "logits", "units": 2}]},
       "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "kind"}}}
      """, in: folder)
    let known = try outputs(predict(["--split", "train", "--layer", "all"], in: folder))
    try folder.write("x.tsv", "second\tscore\tfirst\na\t-2\tb c\nb\t1\ta b\n")
    try folder.write("x.csv", "score,first,then\n-2,b c,a\n1,a b,b\n")
    try folder.write(
      "x.jsonl",
      #"{"first": "b c", "score": -2, "second": "a"}"# + "\n"
        + #"{"score": 1, "first": "a b", "second": "b", "more": null}"# + "\n")
    for name in ["x.tsv", "x.csv", "x.jsonl"] {
      let rows = try predict(["--input", name, "--layer", "all"], in: folder)
      #expect(try outputs(rows) == [known[1], known[0]], "\(name)")
      let told = try predict(["--input", name], in: folder)
      #expect(told.count == 2 && told.allSatisfy { $0["label"] == nil && $0["name"] is String })
    }
    try folder.write("x.txt", "b c\n")
    let first = try outputs(predict(["--input", "x.txt", "--layer", "first"], in: folder))
    #expect(first == [known[1].subarray(with: NSRange(0..<2)) as NSArray])
    let several = try Dlcli.run(["predict", "run", "--input", "x.txt"], in: folder.url)
    #expect(several.status == 78, "\(several.stderr)")
    #expect(
      several.stderr.contains(
        "x.txt can hold one field; what is computed follows from 3: \"first\", \"score\", \"then\"")
    )
    #expect(several.stderr.contains("a table of their columns (.tsv, .csv, .jsonl)"))
  }

  @Test("Features that are held against themselves come back with their columns") func features()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.write("t.csv", "a,b,y\n1,20,0\n3,40,1\n")
    try TinyRuns.train(
      """
      {"data": {"train": {"type": "csv", "path": "t.csv", "features": ["b", "a"], "label": "y"},
                "transforms": [{"type": "standardize", "field": "features"}]},
       "model": {"inputs": {"features": [2]}, "layers": [
         {"type": "dense", "name": "same", "units": 2, "kernel_initializer": "zeros"}]},
       "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "mean_squared_error", "prediction": "same", "target": "features"}}}
      """, in: folder)
    try folder.write("x.csv", "a,b\n5,60\n")
    let rows = try predict(["--input", "x.csv"], in: folder)
    // A network that says 0 means the means.
    #expect(rows[0]["values"] as? [String: Double] == ["b": 30, "a": 2])
    #expect(rows[0]["output"] as? [Double] == [30, 2])
    let errors = try TinyRuns.objects(
      TinyRuns.run(["reconstruct", "run", "--input", "x.csv", "--quiet"], in: folder))
    #expect(abs((errors[0]["squared_error"] as? Double ?? 0) - 18) < 1e-4)
  }

  @Test("Text is read by models of streams of text, numbers in columns by those of columns")
  func textFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("t.txt", String(repeating: "abcd", count: 4))
    try TinyRuns.train(
      """
      {"data": {"train": {"type": "text", "path": "t.txt", "length": 3}},
       "model": {"inputs": {"tokens": [3]}, "layers": [
         {"type": "embedding", "input_dim": 4, "output_dim": 2}, {"type": "dense", "name": "logits", "units": 4}]},
       "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "next"}}}
      """, in: folder)
    try folder.write("line.txt", "dcba")
    #expect(
      try outputs(predict(["--input", "line.txt", "--layer", "tokens"], in: folder))
        == [[3, 2, 1], [2, 1, 0]] as [NSArray])
    #expect(try predict(["--input", "line.txt"], in: folder).count == 2)
    try folder.write("short.txt", "ab")
    let short = try Dlcli.run(["predict", "run", "--input", "short.txt"], in: folder.url)
    #expect(short.status == 65 && short.stderr.contains("expected at least 3 tokens"))
    try folder.write("c.txt", "1 5 6\n2 7 8\n")
    try TinyRuns.train(
      """
      {"data": {"train": {"type": "columns", "path": "c.txt", "label_column": 0}},
       "model": {"inputs": {"features": [2]}, "layers": [{"type": "dense", "name": "logits", "units": 2}]},
       "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
      """, in: folder)
    for text in ["7 8\n5 6\n", "0 7 8\n9 5 6\n"] {
      try folder.write("x.txt", text)
      #expect(
        try outputs(predict(["--input", "x.txt", "--layer", "features"], in: folder))
          == [[7, 8], [5, 6]] as [NSArray])
    }
    try folder.write("x.txt", "1 2 3 4\n")
    let wide = try Dlcli.run(["predict", "run", "--input", "x.txt"], in: folder.url)
    #expect(wide.status == 65, "\(wide.stderr)")
    #expect(wide.stderr.contains("expected rows that become [2], got [3]"), "\(wide.stderr)")
  }

  /// A WAV file of 16-bit samples, 8000 a second.
  private func wav(_ samples: [Int]) -> [UInt8] {
    func little(_ value: Int, _ bytes: Int) -> [UInt8] {
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let format =
      little(1, 2) + little(1, 2) + little(8000, 4) + little(16000, 4) + little(2, 2)
      + little(16, 2)
    return Array("RIFF".utf8) + little(36 + 2 * samples.count, 4) + Array("WAVEfmt ".utf8)
      + little(16, 4)
      + format + Array("data".utf8) + little(2 * samples.count, 4)
      + samples.flatMap { little($0, 2) }
  }

  @Test("Sounds are read by the settings of the data") func sounds() throws {
    let folder = try TemporaryFolder()
    try write("set/a/1.wav", wav([Int](repeating: 100, count: 500)), in: folder)
    try write("set/b/2.wav", wav((0..<500).map { $0 % 7 * 900 }), in: folder)
    try TinyRuns.train(
      """
      {"data": {"train": {"type": "audio", "path": "set", "sample_rate": 8000, "frames": 2, "mels": 3},
                "transforms": [{"type": "standardize", "field": "audio"}]},
       "model": {"inputs": {"audio": [2, 3]}, "layers": [
         {"type": "flatten", "name": "flat"}, {"type": "dense", "name": "logits", "units": 2}]},
       "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
      """, in: folder)
    let known = try outputs(predict(["--layer", "flat"], in: folder))
    #expect(
      try outputs(predict(["--layer", "flat", "--input", "set/b/2.wav"], in: folder)) == [known[1]])
    let rows = try predict(["--layer", "flat", "--input", "set"], in: folder)
    #expect(try outputs(rows) == known)
    #expect(rows.map { $0["file"] as? String } == ["a/1.wav", "b/2.wav"])
    try folder.write("x.mp3", "ID3 sound")
    let other = try Dlcli.run(["predict", "run", "--input", "x.mp3"], in: folder.url)
    #expect(other.status == 65, "\(other.stderr)")
    #expect(
      other.stderr.contains("the reader of the model's data takes a WAV file, or a folder of them"))
  }

  /// Pictures of 9 x 7 and of 8 x 8 pixels, each another colour.
  private static let pictures = [
    (
      "p/cat/deep/colours.png",
      "iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHCAIAAABV+fA3AAAAeUlEQVR42hXJMQGFERgAwAtiFEIEAcQwCGIQQwARhP"
        + "hGUd7/bj1IFBqDyeby/OUkF7nJQ57ylq/85O9qUova1KFOdatXfep3PelFb/rQp771qz/9u5WsYjVrWNPa1rWe9d1J"
        + "TnGaM5zpbOc6z/kukiiiiSGm2OKKJ35SaDYlVFMnzAAAAABJRU5ErkJggg=="
    ),
    (
      "p/dog/other.png",
      "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAdUlEQVR42g3JQREAMQgEQSQgAQlIWAlIQMJJQEqkRE"
        + "qczFHVvzbMMMcCS0xYYY19RiwngkhCRBFNbGg5CpRIqFCjjV5OB5206KKb3pjlTDDJiCmmmY2znBOc5IhTnOZs3OXc"
        + "4CZX3OI2d+Mt5wUveeIVr3nfDyqzacE5LmQfAAAAAElFTkSuQmCC"
    ),
  ]

  private func writePictures(in folder: TemporaryFolder) throws {
    for (name, text) in Self.pictures {
      try write(name, Array(try #require(Data(base64Encoded: text))), in: folder)
    }
  }

  @Test(
    "A picture of --input becomes what it became as a row of the data, whatever the transforms",
    arguments: [
      #"{"type": "grayscale", "field": "image"}"#,
      #"{"type": "select_channels", "field": "image", "channels": [1]}"#,
      #"{"type": "select_channels", "field": "image", "channels": [2, 0]}"#,
      #"{"type": "crop", "field": "image", "size": [4, 3], "random": true}"#,
      #"{"type": "resize", "field": "image", "size": [3, 9]}"#,
      #"{"type": "scale", "field": "image", "divide": 255}"#,
      #"{"type": "standardize", "field": "image"}"#,
      #"{"type": "add_noise", "field": "image", "stddev": 9}"#,
      #"{"type": "mask_noise", "field": "image"}"#,
      #"{"type": "watermark", "field": "image", "text": "I", "value": 255}"#,
      #"{"type": "random_flip", "field": "image"}"#,
      #"{"type": "random_shift", "field": "image", "pixels": 1}"#,
      #"{"type": "copy", "field": "image", "as": "other"}, {"type": "grayscale", "field": "image"}"#,
    ])
  func transforms(transform: String) throws {
    let folder = try TemporaryFolder()
    try writePictures(in: folder)
    let channels =
      transform.contains("grayscale") || transform.contains("[1]")
      ? 1 : transform.contains("[2, 0]") ? 2 : 3
    let size =
      transform.contains("crop") ? "4, 3" : transform.contains("resize") ? "3, 9" : "8, 8"
    // Transforms of the label, and their places in the list, are no matter of the pictures.
    try TinyRuns.train(
      """
      {"data": {"train": {"type": "image_folder", "path": "p", "image_size": [8, 8], "resize": true},
                "transforms": [{"type": "one_hot", "field": "label"}, \(transform)]},
       "model": {"inputs": {"image": [\(size), \(channels)]}, "layers": [
         {"type": "flatten", "name": "flat"}, {"type": "dense", "name": "logits", "units": 2}]},
       "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
      """, in: folder)
    let known = try outputs(predict(["--split", "train", "--layer", "flat"], in: folder))
    #expect(known.count == 2 && known[0] != known[1])
    let rows = try predict(["--input", "p", "--layer", "flat"], in: folder)
    #expect(try outputs(rows) == known)
    #expect(rows.map { $0["file"] as? String } == ["cat/deep/colours.png", "dog/other.png"])
    let one = try predict(["--input", "p/cat/deep/colours.png", "--layer", "flat"], in: folder)
    #expect(try outputs(one) == [known[0]])
    #expect(one[0]["file"] as? String == "p/cat/deep/colours.png")
  }

  @Test("A picture keeps its colours where the transforms read them, for models of arrays too")
  func coloursOfArrays() throws {
    let folder = try TemporaryFolder()
    try writePictures(in: folder)
    // Two rows of 8 x 8 x 3 bytes.
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 8, 8, 3), }"
    let padded = header + String(repeating: " ", count: 117 - header.count) + "\n"
    try folder.write(
      "x.npy",
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)
        + (0..<384).map { UInt8($0 % 251) })
    for (transform, channels, expected) in [
      (#"{"type": "grayscale", "field": "features"}"#, 1, Float(0.299 * 255)),
      (#"{"type": "select_channels", "field": "features", "channels": [0]}"#, 1, 255),
      (#"{"type": "scale", "field": "features"}"#, 3, 255),
    ] {
      try TinyRuns.train(
        """
        {"data": {"train": {"type": "npy", "features": "x.npy"}, "transforms": [\(transform)]},
         "model": {"inputs": {"features": [8, 8, \(channels)]}, "layers": [
           {"type": "conv2d", "name": "out", "filters": \(channels), "kernel_size": 1}]},
         "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
           "loss": {"type": "mean_squared_error", "prediction": "out", "target": "features"}}}
        """, in: folder)
      for input in ["p/dog/other.png", "p/dog"] {
        let rows = try predict(["--input", input, "--layer", "features"], in: folder)
        let picture = try #require(rows[0]["output"] as? [[[Double]]])
        // The first pixel is red.
        #expect(abs(picture[0][0][0] - Double(expected)) < 1e-4)
        #expect(picture[0][0].count == channels)
      }
    }
  }
}
