import Foundation
import Testing

/// encode and reconstruct on a model of two linear networks.
@Suite struct ReconstructionTests {
  /// An identity of two numbers in between: four pixels lie on a plane.
  private func components() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let pixels: [UInt8] = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 200, 110, 0, 0, 255, 9]
    try folder.write("images.idx", [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 2] + pixels)
    try folder.write("labels.idx", [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 1, 2])
    try folder.write(
      "config.json",
      """
      {"data": {"train": {"type": "idx", "images": "images.idx", "labels": "labels.idx"},
                "transforms": [{"type": "scale", "field": "image", "divide": 255}]}}
      """)
    _ = try TinyRuns.run(
      ["pca", "config.json", "--components", "2", "--output", "run"], in: folder)
    return folder
  }

  @Test("All formats hold what predict prints") func formats() throws {
    let folder = try components()
    let printed = try TinyRuns.objects(
      TinyRuns.run(["predict", "run", "--layer", "code"], in: folder)
    ).flatMap { try #require($0["output"] as? [Double]) }
    let result = try Dlcli.run(
      ["encode", "run", "--network", "encoder", "--output", "codes.npy"], in: folder.url)
    #expect(result.status == 0 && result.stdout.isEmpty, "\(result.stderr)")
    #expect(result.stderr == "codes.npy: 4 rows of encoder [2]\n")
    func floats(_ name: String, _ count: Int) throws -> [Double] {
      let bytes = try Data(contentsOf: folder.url.appendingPathComponent(name)).suffix(4 * count)
      return bytes.withUnsafeBytes { bytes in
        (0..<count).map { Double(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
      }
    }
    for (value, expected) in zip(try floats("codes.npy", 8), printed) {
      #expect(abs(value - expected) < 1e-6)
    }
    _ = try TinyRuns.run(
      ["encode", "run", "--layer", "code", "--output", "codes.safetensors", "--quiet"], in: folder)
    #expect(try floats("codes.safetensors", 8) == floats("codes.npy", 8))
    _ = try TinyRuns.run(["encode", "run", "--layer", "code", "--output", "codes.csv"], in: folder)
    let lines = try String(contentsOfFile: folder.path("codes.csv"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    #expect(lines.count == 5 && lines[0] == "row,label,code_0,code_1")
    #expect(lines[4].hasPrefix("3,2,"))
    let cells = lines[1...].flatMap { $0.split(separator: ",").suffix(2).compactMap { Double($0) } }
    for (value, expected) in zip(cells, printed) { #expect(abs(value - expected) < 1e-6) }
  }

  @Test("A picture shows codes of two numbers; others have none") func scatter() throws {
    let folder = try components()
    _ = try TinyRuns.run(["encode", "run", "--layer", "code", "--output", "codes.png"], in: folder)
    let bytes = try Data(contentsOf: folder.url.appendingPathComponent("codes.png"))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let result = try Dlcli.run(["encode", "run", "--output", "rows.png"], in: folder.url)
    #expect(result.status == 73, "\(result.stderr)")
    #expect(
      result.stderr.contains(
        "a picture shows rows of two numbers as points; prediction is [2, 2, 1]"),
      "\(result.stderr)")
  }

  /// A target that is a copy of the images has the black and white of the images.
  @Test("The scale of a copied field is known") func copiedField() throws {
    let folder = try components()
    try folder.write(
      "copy.json",
      """
      {"data": {"train": {"type": "idx", "images": "images.idx", "labels": "labels.idx"},
                "transforms": [{"type": "scale", "field": "image", "divide": 255},
                               {"type": "copy", "field": "image", "as": "clean"},
                               {"type": "add_noise", "field": "image", "stddev": 0.1}]},
       "model": {"inputs": {"image": [2, 2, 1]}, "layers": [
         {"type": "conv2d", "name": "copy", "filters": 1, "kernel_size": 1,
          "kernel_initializer": "ones"}]},
       "training": {"batch_size": 2, "steps": 0, "optimizer": "sgd",
         "loss": {"type": "mean_squared_error", "prediction": "copy", "target": "clean"}}}
      """)
    _ = try TinyRuns.run(["train", "copy.json", "--output", "copied"], in: folder)
    let printed = try TinyRuns.run(
      ["reconstruct", "copied", "--output", "grid.png", "--grid", "1x4"], in: folder)
    // The noisy pictures, the clean ones and the copies below one another.
    let grid = try Data(contentsOf: folder.url.appendingPathComponent("grid.png"))
    #expect((grid[19], grid[23]) == (UInt8(4 * 58 + 2), UInt8(3 * 58 + 2)))
    // A file holds what both are made of.
    #expect(
      try TinyRuns.run(["reconstruct", "copied", "--input", "images.idx"], in: folder)
        == printed.replacing(#/"label": \d, /#, with: ""))
    for row in try TinyRuns.objects(printed) {
      let error = try #require(row["squared_error"] as? Double)
      let psnr = try #require(row["psnr"] as? Double)
      #expect(abs(psnr - 10 * log10(4 / error)) < 1e-6)
    }
  }

  @Test("Errors are those of the numbers, and pictures show both") func reconstructions() throws {
    let folder = try components()
    let copies = try TinyRuns.objects(TinyRuns.run(["predict", "run"], in: folder))
    let result = try Dlcli.run(
      ["reconstruct", "run", "--output", "grid.png", "--grid", "2x3"], in: folder.url)
    #expect(result.status == 0, "\(result.stderr)")
    let rows = try TinyRuns.objects(result.stdout)
    let pixels: [Double] = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 200, 110, 0, 0, 255, 9]
    for (number, row) in rows.enumerated() {
      let copy = try #require(copies[number]["output"] as? [[[Double]]]).flatMap { $0 }
        .flatMap { $0 }
      let error = (0..<4).reduce(0) {
        $0 + pow(copy[$1] - pixels[number * 4 + $1] / 255, 2)
      }
      let found = try #require(row["squared_error"] as? Double)
      #expect(abs(found - error) < 1e-5)
      #expect(row["label"] as? Int == [0, 1, 1, 2][number])
      if let psnr = row["psnr"] as? Double {
        #expect(abs(psnr - 10 * log10(4 / found)) < 1e-4)
      }
    }
    #expect(result.stderr.hasPrefix("means of 4 rows: squared_error "))
    // The last row holds one picture and two gaps; the pictures come back from the file.
    let grid = try Data(contentsOf: folder.url.appendingPathComponent("grid.png"))
    #expect(grid.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    let (width, height) = (grid[19], grid[23])
    #expect((width, height) == (UInt8(3 * 58 + 2), UInt8(4 * 58 + 2)))
  }

  @Test("Pictures can be read back as rows") func pictures() throws {
    let folder = try components()
    try FileManager.default.createDirectory(
      atPath: folder.path("pictures"), withIntermediateDirectories: true)
    _ = try TinyRuns.run(["reconstruct", "run", "--output", "pictures/a.png"], in: folder)
    let wrong = try Dlcli.run(["predict", "run", "--input", "pictures"], in: folder.url)
    #expect(wrong.status == 65 && wrong.stderr.contains("rows that become [2, 2, 1]"))
  }

  @Test("What cannot be shown is said") func mistakes() throws {
    let folder = try components()
    let cases: [([String], Int32, String)] = [
      (["encode", "run", "--layer", "code", "--output", "codes.txt"], 64, ".safetensors"),
      (["encode", "run", "--layer", "cod", "--output", "codes.npy"], 78, "did you mean"),
      (["encode", "run", "--network", "decoder", "--output", "c.npy"], 78, "is no field"),
      (["encode", "run", "--layer", "code", "--output", "no/codes.npy"], 73, "no/codes.npy"),
      (["reconstruct", "run", "--layer", "code"], 78, "--network or --layer"),
      (["reconstruct", "run", "--output", "grid.gif"], 64, ".png"),
      (["reconstruct", "run", "--grid", "0x3"], 64, "0x3"),
      (["reconstruct", "run", "--range", "1,0"], 64, "1,0"),
    ]
    for (arguments, status, message) in cases {
      let result = try Dlcli.run(arguments, in: folder.url)
      #expect(result.status == status, "\(arguments): \(result.stderr)")
      #expect(result.stderr.contains(message), "\(arguments): \(result.stderr)")
    }
  }
}
