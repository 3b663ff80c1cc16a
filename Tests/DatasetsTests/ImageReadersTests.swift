import Datasets
import Formats
import Foundation
import SamplePictures
import Settings
import TensorCore
import Testing

/// Pictures in folders, lists and archives: the same three pictures by each reader.
@Suite struct ImageReadersTests {
  private let directory: TemporaryDirectory
  private let pictures: [(name: String, image: RasterImage)] = [
    ("cat/1.png", .plain([10, 20, 30])), ("cat/deep/2.png", .plain([40])),
    ("ant/9.png", .plain([50, 60, 70, 80])),
  ]

  init() throws {
    directory = try TemporaryDirectory()
    var list = ""
    for (name, image) in pictures {
      try directory.write("set/" + name, image)
      list += "set/\(name)\t \(name.prefix(3))\r\n\n"
    }
    try directory.write("set/cat/.hidden.png", "no picture")
    try directory.write("set/notes.txt", "no picture")
    try directory.write("list.txt", "\u{FEFF}" + list)
    try archive(pictures)
  }

  private func archive(_ pictures: [(name: String, image: RasterImage)]) throws {
    let bytes = tar(
      try pictures.map { ("./set/\($0.name)", try PNGFile.encode($0.image)) }
        + [("set/readme.txt", [1, 2, 3]), ("other/x.png", [1])])
    try directory.write("set.tar.gz", try Gzip.compress(bytes, file: "set.tar.gz"))
  }

  private static let kinds = [
    #""type": "image_folder", "path": "set""#, #""type": "image_list", "path": "list.txt""#,
    #""type": "image_archive", "path": "set.tar.gz", "folder": "set""#,
  ]

  private func open(_ text: String) throws -> any Dataset {
    try reader("{\(text)}", in: directory).open()
  }

  @Test(arguments: kinds, [true, false])
  func `pictures get the classes of their folders`(kind: String, inMemory: Bool) throws {
    let data = try open(kind + #", "in_memory": \#(inMemory)"#)
    #expect(
      data.fields == [
        DataField("image", [2, 3, 3]),
        DataField("label", [], classes: 2, classNames: ["ant", "cat"]),
      ])
    // The folder and the archive are in the order of the paths, the list in its own.
    let order = kind.contains("list") ? [1, 2, 0] : [0, 1, 2]
    let expected: [[Float]] = [[50, 60, 70], [10, 20, 30], [40, 40, 40]]
    for row in 0..<3 {
      let colour = expected[order[row]]
      let pixels = try DatasetsTests.row(data, row, 0)
      #expect(pixels == (0..<6).flatMap { _ in colour })
      #expect(try DatasetsTests.row(data, row, 1) == [order[row] == 0 ? 0 : 1])
    }
    #expect(data.count == 3)
    #expect(data.files.count == 1)
    #expect(data.files[0].sha256.count == 64)
  }

  @Test(arguments: kinds) func `pictures may be grey, and without classes`(kind: String) throws {
    let without = kind.replacingOccurrences(of: "list.txt", with: "paths.txt")
    try directory.write("paths.txt", pictures.map { "set/\($0.name)\n" }.joined())
    let data = try open(without + #", "channels": 1, "labels": false, "image": "picture""#)
    #expect(data.fields == [DataField("picture", [2, 3, 1])])
    // 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15
    #expect(try (0..<3).map { try row(data, $0, 0)[0] }.sorted() == [18, 40, 58])
  }

  @Test(arguments: kinds) func `a picture of another size is named or resized`(kind: String) throws
  {
    let large = RasterImage.plain([9, 9, 9], height: 4, width: 6)
    try directory.write("set/cat/1.png", large)
    try archive([pictures[2], ("cat/1.png", large), pictures[1]])
    let text = complaint(directory) { _ = try open(kind + #", "image_size": [2, 3]"#) }
    #expect(text.contains("cat/1.png: expected 2 x 3 pixels"), "\(text)")
    #expect(text.contains("got 4 x 6; \"resize\": true"), "\(text)")
    let data = try open(kind + #", "image_size": [1, 2], "resize": true"#)
    #expect(data.fields[0].shape == [1, 2, 3])
    let row = kind.contains("list") ? 0 : 1
    #expect(try DatasetsTests.row(data, row, 0) == [9, 9, 9, 9, 9, 9])
  }

  @Test(arguments: kinds) func `a damaged picture is named`(kind: String) throws {
    try directory.write("set/cat/1.png", [0x89, 0x50, 0x4E, 0x47])
    try directory.write("set.tar.gz", tar([("set/cat/1.png", [0x47, 0x49])]))
    for inMemory in [true, false] {
      let text = complaint(directory) {
        let data = try open(kind + #", "in_memory": \#(inMemory)"#)
        for index in 0..<data.count { _ = try row(data, index, 0) }
      }
      #expect(
        text.contains("cat/1.png: byte 0: expected a PNG or JPEG image, got "), "\(text)")
    }
  }

  @Test(arguments: kinds) func `classes that the training data do not have are errors`(
    kind: String
  ) throws {
    let text = complaint(directory) { _ = try open(kind + #", "classes": ["dog", "cats"]"#) }
    #expect(text.contains("no class \""), "\(text)")
    #expect(try open(kind + #", "classes": ["cat", "dog", "ant"]"#).fields[1].classes == 3)
  }

  @Test func `what is missing is named`() throws {
    try directory.write("set/cat/1.png", "")
    try directory.write("list.txt", "set/cat/8.png 1\n")
    #expect(
      complaint(directory) { _ = try open(Self.kinds[1]) }.hasPrefix(
        "list.txt:1: set/cat/8.png: cannot open: "))
    try directory.write("list.txt", "\n\nset/cat/8.png\n")
    #expect(
      complaint(directory) { _ = try open(Self.kinds[1]) }.hasPrefix(
        "list.txt:3: expected a path and a label, got \"set/cat/8.png\""))
    try directory.write("list.txt", [0x61, 0xFF])
    #expect(complaint(directory) { _ = try open(Self.kinds[1]) }.contains("expected text in UTF-8"))
    try directory.write("list.txt", "")
    #expect(
      complaint(directory) { _ = try open(Self.kinds[1]) }
        == "list.txt: expected pictures (.png, .jpg, .jpeg), got none")
    #expect(
      complaint(directory) {
        _ = try open(#""type": "image_archive", "path": "set.tar.gz", "folder": "sett""#)
      } == "set.tar.gz: no pictures in the folder \"sett\" (did you mean \"set\"?)")
    #expect(
      complaint(directory) { _ = try open(#""type": "image_folder", "path": "nowhere""#) }
        .hasPrefix("nowhere: cannot read the directory: "))
    try directory.write("set/stray.png", .plain([1]))
    #expect(
      complaint(directory) { _ = try open(Self.kinds[0]) }.hasPrefix(
        "set/stray.png: expected pictures in the folders of their classes"))
  }

  @Test func `numbers in a list are the classes themselves`() throws {
    try directory.write("list.txt", "cat/1.png 0\ncat/deep/2.png 3\n")
    let data = try open(#""type": "image_list", "path": "list.txt", "folder": "set""#)
    #expect(data.fields[1].classes == 4)
    #expect(try [row(data, 0, 1), row(data, 1, 1)] == [[0], [3]])
  }

  @Test func `other splits take classes and size of the training data`() throws {
    try directory.write("test/cat/1.png", .plain([1, 2, 3], height: 4, width: 6))
    let sets = try spec(
      #"""
      {"train": {"type": "image_folder", "path": "set", "resize": true},
       "test": {"type": "image_folder", "path": "test", "resize": true}}
      """#, in: directory)
    let data = try sets.open(seed: 1)
    let test = try #require(data[.test])
    #expect(test.fields[1].classNames == ["ant", "cat"])
    #expect(try row(test, 0, 1) == [1])
    #expect(test.fields[0].shape == [2, 3, 3])
    try FileManager.default.removeItem(atPath: directory.path + "/set")
    #expect(try data.fitted.open([.test], seed: 1)[.test]?.fields == test.fields)
  }

  @Test(arguments: [
    #"{"type": "image_folder"}"#, #"{"type": "image_folder", "path": "x", "channels": 2}"#,
    #"{"type": "image_list", "path": "x", "image": "a", "label": "a"}"#,
    #"{"type": "image_archive", "path": "x", "image_size": [0, 1]}"#,
    #"{"type": "image_archive", "path": "x", "classes": ["a", "a"]}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try reader(text, in: directory) }
  }

  @Test(arguments: kinds, [true, false])
  func `pictures are turned as their Exif orientation says`(kind: String, inMemory: Bool) throws {
    // The first is stored upright, the second upside down.
    let files = [("cat/1.jpg", GreyJPEG.plain), ("cat/2.jpg", GreyJPEG.oriented(3))]
    for (name, bytes) in files { try directory.write("turned/" + name, bytes, inFolders: true) }
    try directory.write("list.txt", files.map { "turned/\($0.0) cat\n" }.joined())
    try directory.write("set.tar.gz", tar(files.map { ("set/" + $0.0, $0.1) }))
    let settings =
      kind.replacingOccurrences(of: #""path": "set""#, with: #""path": "turned""#)
      + #", "channels": 1, "in_memory": \#(inMemory)"#
    let stored = try ImageFile.decode(GreyJPEG.plain, file: "a.jpg").pixels.map { Float($0) }
    let turned = try open(settings)
    #expect(try row(turned, 0, 0) == stored)
    #expect(try row(turned, 1, 0) == stored.reversed())
    let note = inMemory ? "1 of 2 pictures are turned as their Exif orientation says" : nil
    #expect(turned.notes.count == (inMemory ? 1 : 0))
    if let note { #expect(turned.notes[0].contains(note)) }
    let plain = try open(settings + #", "exif_rotation": false"#)
    #expect(try row(plain, 1, 0) == stored)
    #expect(plain.notes.allSatisfy { $0.contains("have an Exif orientation that is not followed") })
    #expect(plain.notes.count == turned.notes.count)
  }

  @Test func `a turned picture has the extents that are seen`() throws {
    try directory.write("wide/a/1.jpg", GreyJPEG.oriented(6), inFolders: true)
    let data = try open(#""type": "image_folder", "path": "wide""#)
    #expect(data.fields[0].shape == [6, 5, 3])
    try directory.write("wide/a/2.jpg", GreyJPEG.plain)
    #expect(
      complaint(directory) { _ = try open(#""type": "image_folder", "path": "wide""#) }
        .contains("expected 6 x 5 pixels"))
  }

  @Test func `what is left out of a folder is counted`() throws {
    let others = [
      "cat/a.gif", "cat/b.GIF", "cat/c.webp", "cat/Thumbs.db", "cat/._1.png", ".DS_Store",
      "__MACOSX/cat/._1.png", "__MACOSX/cat/2.png", "ant/.ipynb_checkpoints/x.png", "README",
    ]
    for name in others { try directory.write("set/" + name, [1], inFolders: true) }
    let data = try open(#""type": "image_folder", "path": "set""#)
    #expect(data.fields[1].classNames == ["ant", "cat"])
    // Nobody looks at what is in hidden folders.
    #expect(
      data.notes == [
        "\(directory.path)/set: 11 files are left out: hidden 4, .gif 2, .txt 1, .webp 1, Thumbs.db 1, "
          + "__MACOSX 1, without an ending 1"
      ])
    try directory.write(
      "junk.tar",
      tar(
        try pictures.map { ($0.name, try PNGFile.encode($0.image)) }
          + others.map { ($0, [1]) }))
    let archive = try open(#""type": "image_archive", "path": "junk.tar""#)
    #expect(archive.count == 3)
    #expect(
      archive.notes == [
        "\(directory.path)/junk.tar: 10 files are left out: hidden 3, .gif 2, __MACOSX 2, .webp 1, "
          + "Thumbs.db 1, without an ending 1"
      ])
    try directory.write("bare/cat/1.png", pictures[0].image)
    #expect(try open(#""type": "image_folder", "path": "bare""#).notes.isEmpty)
  }

  @Test(arguments: kinds) func `pictures of a folder and within it are read without classes`(
    kind: String
  ) throws {
    let reader = try reader(
      "{\(kind), \"image_size\": [1, 2], \"resize\": true, \"channels\": 3}", in: directory)
    try directory.write("new/z.png", .plain([1, 2, 3], height: 9))
    try directory.write("new/deep/er/a.JPG.png", .plain([4]))
    for hidden in ["__MACOSX/._z.png", "._z.png", ".hidden/z.png"] {
      try directory.write("new/\(hidden)", .plain([9]))
    }
    for junk in [".DS_Store", "Thumbs.db", "desktop.ini"] {
      try directory.write("new/\(junk)", "x")
    }
    let rows = try #require(try reader.rows("new", in: directory, of: ["image"]))
    #expect(rows.names == ["deep/er/a.JPG.png", "z.png"])
    #expect(rows.dataset.fields == [DataField("image", [1, 2, 3])])
    #expect(
      try (0..<2).map { try row(rows.dataset, $0, 0) } == [
        [4, 4, 4, 4, 4, 4], [1, 2, 3, 1, 2, 3],
      ])
    let one = try #require(try reader.rows("new/z.png", in: directory, of: ["image"]))
    #expect(one.names == [directory.path + "/new/z.png"])
    #expect(try row(one.dataset, 0, 0) == [1, 2, 3, 1, 2, 3])
    #expect(try reader.rows("new/z.png", in: directory, of: ["image", "label"]) == nil)
    #expect(try reader.rows("new/z.npy", in: directory, of: ["image"]) == nil)
    try FileManager.default.createDirectory(
      atPath: directory.path + "/empty", withIntermediateDirectories: true)
    try directory.write("empty/notes.txt", "x")
    #expect(
      complaint(directory) { _ = try reader.rows("empty", in: directory, of: ["image"]) }
        .hasPrefix("empty: expected pictures"))
  }

  @Test func `pictures keep their size where the reader brings none to its own`() throws {
    let reader = try reader(
      #"{"type": "image_folder", "path": "set", "image_size": [2, 3]}"#, in: directory)
    try directory.write("new/a.png", .plain([1], height: 5, width: 4))
    let rows = try #require(try reader.rows("new", in: directory, of: ["image"]))
    #expect(rows.dataset.fields == [DataField("image", [5, 4, 3])])
  }

  @Test func `lists and archives of pictures need no labels`() throws {
    let list = try reader("{\(Self.kinds[1])}", in: directory)
    try directory.write("set/two words.png", .plain([7]))
    try directory.write(
      "new.txt",
      "set/cat/1.png\nset/two words.png\nset/ant/9.png no class\n\(directory.path)/set/ant/9.png ant\n"
    )
    // A label is one word.
    #expect(
      complaint(directory) { _ = try list.rows("new.txt", in: directory, of: ["image"]) }
        .hasPrefix("new.txt:3: set/ant/9.png no: cannot open"))
    try directory.write(
      "new.txt", "set/cat/1.png\nset/two words.png\n\(directory.path)/set/ant/9.png ant\n")
    let rows = try #require(try list.rows("new.txt", in: directory, of: ["image"]))
    #expect(try (0..<3).map { try row(rows.dataset, $0, 0)[0] } == [10, 7, 50])
    #expect(
      rows.names?.map { $0.dropFirst(directory.path.count + 1) }
        == ["set/cat/1.png", "set/two words.png", "set/ant/9.png"])
    #expect(try list.rows("new.csv", in: directory, of: ["image"]) == nil)
    let archive = try reader("{\(Self.kinds[2])}", in: directory)
    try directory.write(
      "new.tar", tar([("b.png", try PNGFile.encode(.plain([7]))), ("a/._b.png", [1])]))
    let packed = try #require(try archive.rows("new.tar", in: directory, of: ["image"]))
    #expect(packed.names == ["b.png"])
    #expect(try row(packed.dataset, 0, 0)[0] == 7)
    #expect(try archive.rows("set.tgz", in: directory, of: ["label"]) == nil)
  }
}
