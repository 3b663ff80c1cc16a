import Foundation
import ModelSpec
import Settings
import Testing

/// Files in a directory of their own, which goes when this goes.
final class Files {
  let directory: String

  init(_ files: KeyValuePairs<String, String>) throws {
    directory =
      FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    for (name, text) in files {
      let url = URL(fileURLWithPath: "\(directory)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func load(
    _ name: String = "a.json", set overrides: [String] = [], environment: [String: String] = [:]
  ) throws(ConfigError) -> ConfigFile {
    try ConfigFile.load("\(directory)/\(name)", overrides: overrides, environment: environment)
  }

  /// What is said about a file, with the directory left out.
  func message(
    _ name: String = "a.json", set overrides: [String] = [], environment: [String: String] = [:]
  ) -> String {
    do {
      return
        "no mistake: \(try load(name, set: overrides, environment: environment).effective.text())"
    } catch {
      return error.description.replacingOccurrences(of: "\(directory)/", with: "")
    }
  }
}

extension Files {
  /// How a command ends that cannot use the file; nil if it can.
  func exitCode(_ name: String) -> Int32? {
    do {
      _ = try load(name)
      return nil
    } catch { return error.exitCode }
  }
}

@Suite struct ConfigFileTests {
  @Test func aFileIsReadWithItsPlaces() throws {
    let files = try Files(["a.json": "{\n  \"$schema\": \"s\",\n  \"b\": 1\n}"])
    let config = try files.load()
    #expect(config.effective == ["b": 1])
    #expect(config.effective["b"]?.place == Place(file: config.path, line: 3, column: 8))
  }

  @Test func objectsAreMergedAndListsReplaced() throws {
    let files = try Files([
      "a.json": #"{"extends": ["b/c.json", "b/d.json"], "o": {"x": {"p": 1}}, "new": 0}"#,
      "b/c.json": #"{"extends": "../e.json", "l": [1, 2], "o": {"x": {"q": 2}, "y": 3}}"#,
      "b/d.json": #"{"l": [4], "o": {"y": null, "path": "data"}}"#,
      "e.json": #"{"e": true, "l": []}"#,
    ])
    let config = try files.load()
    let expected: JSON = [
      "e": true, "l": [4], "o": ["x": ["q": 2, "p": 1], "y": JSON(.null), "path": "data"],
      "new": 0,
    ]
    #expect(config.effective == expected)
    #expect(config.resolved == expected)
    let path = try #require(config.effective["o"]?["path"])
    #expect(ConfigFile.resolve("data", of: path) == "\(files.directory)/b/data")
    #expect(ConfigFile.resolve("/data", of: path) == "/data")
  }

  @Test func anotherTypeReplacesTheObject() throws {
    let files = try Files([
      "a.json": #"{"extends": "b.json", "o": {"type": "sgd"}, "p": {"type": "adam", "rate": 2}}"#,
      "b.json": #"{"o": {"type": "adam", "beta": 1}, "p": {"type": "adam", "beta": 1}}"#,
    ])
    #expect(
      try files.load().effective == [
        "o": ["type": "sgd"], "p": ["type": "adam", "beta": 1, "rate": 2],
      ])
  }

  @Test func whatExtendsItselfIsRefused() throws {
    let files = try Files([
      "a.json": #"{"extends": "b.json"}"#, "b.json": #"{"extends": ["./a.json"]}"#,
    ])
    #expect(
      files.message()
        == "b.json:1:14: extends: the file extends itself: a.json -> b.json -> ./a.json")
  }

  @Test func moreThanSomeFilesAreRefused() throws {
    // Each of 30 files extends the next twice: 2^30 files, if nothing stopped it.
    let files = try Files([:])
    for index in 0..<30 {
      let next = "\(index + 1).json"
      let text = #"{"extends": ["\#(next)", "\#(next)"]}"#
      try FileManager.default.createDirectory(
        atPath: files.directory, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(files.directory)/\(index).json"))
    }
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(files.directory)/30.json"))
    #expect(files.message("0.json").contains("more than 256 files are extended"))
  }

  @Test func aMissingFileIsToldFromAWrongOne() throws {
    let files = try Files(["a.json": #"{"extends": "gone.json"}"#, "b.json": "[1]", "c.json": "{"])
    #expect(files.message("gone.json") == "gone.json: cannot open: no such file or directory")
    #expect(
      files.message() == "a.json:1:13: gone.json: cannot open: no such file or directory")
    #expect(files.exitCode("gone.json") == 66)
    #expect(files.exitCode("a.json") == 66)
    #expect(files.exitCode("b.json") == 78)
    #expect(files.message("b.json") == "b.json:1:1: expected an object, got a list of 1")
    #expect(
      files.message("c.json")
        == "c.json:1:2: expected a key in double quotes, got the end of the file")
    #expect(files.message("").hasSuffix("expected a file, got a directory"))
  }

  @Test func aFileThatIsTooLargeIsNotReadWhole() {
    do throws(ConfigError) {
      _ = try ConfigFile.load("/dev/zero")
      Issue.record("expected a refusal")
    } catch {
      #expect(
        error.description == "/dev/zero: the file has more than 16777216 bytes; no more are read")
    }
  }

  @Test(arguments: [
    (["n=3"], #"{"n": 3, "o": {"l": [1, {"c": 2}]}}"#),
    (["n=text"], #"{"n": "text", "o": {"l": [1, {"c": 2}]}}"#),
    (["n=\"3\""], #"{"n": "3", "o": {"l": [1, {"c": 2}]}}"#),
    (["n={\"a\": [1]}"], #"{"n": {"a": [1]}, "o": {"l": [1, {"c": 2}]}}"#),
    (["o.l[1].c=x=y", "n="], #"{"n": "", "o": {"l": [1, {"c": "x=y"}]}}"#),
    (["o.l=[]", "a.b.c=1"], #"{"n": 1, "o": {"l": []}, "a": {"b": {"c": 1}}}"#),
  ])
  func overrides(_ overrides: [String], _ expected: String) throws {
    let files = try Files(["a.json": #"{"n": 1, "o": {"l": [1, {"c": 2}]}}"#])
    #expect(try files.load(set: overrides).effective.text() == expected)
    #expect(try files.load(set: ["n=1"]).effective["n"]?.place?.description == "--set:1:1")
  }

  @Test(arguments: [
    ("n", "--set:1:1: expected a path, \"=\" and a value, as in training.epochs=3, got \"n\""),
    (
      ".a=1", "--set:1:1: expected a path, \"=\" and a value, as in training.epochs=3, got \".a=1\""
    ),
    (
      "n.x=1",
      "--set:1:1: n: expected an object, got 1; it is there that \"n.x\" leads"
    ),
    (
      "l[2]=1",
      "--set:1:1: l: expected a list with an element 2, got a list of 2; it is there that \"l[2]\" leads"
    ),
    ("l.x=1", "--set:1:1: l: expected an object, got a list of 2; it is there that \"l.x\" leads"),
    (
      "l.0=1",
      "--set:1:1: l: expected an object, got a list of 2, whose elements are written [0]; it is there that \"l.0\" leads"
    ),
    ("n[0]=1", "--set:1:1: n: expected a list, got 1; it is there that \"n[0]\" leads"),
  ])
  func wrongOverrides(_ override: String, _ expected: String) throws {
    let files = try Files(["a.json": #"{"n": 1, "l": [1, 2]}"#])
    #expect(files.message(set: [override]) == expected)
  }
}
