import Foundation
import Settings
import Testing

@Suite struct FilePathTests {
  @Test func `a path is relative to the file that holds it`() {
    let place = Place(file: "configs/digits.json", line: 3, column: 9)
    #expect(FilePath("data/x.idx", at: place).resolved == "configs/data/x.idx")
    #expect(FilePath("/data/x.idx", at: place).resolved == "/data/x.idx")
    let here = Place(file: "digits.json", line: 1, column: 1)
    #expect(FilePath("x.idx", at: here).resolved == "x.idx")
    #expect(FilePath("x.idx").resolved == "x.idx")
  }

  @Test func `reading keeps the place, and writing gives back the text`() throws {
    let json = try JSONParser.parse(Array(#"{"path": "a.csv"}"#.utf8), file: "dir/c.json")
    var problems = Problems()
    let setting = try #require(json["path"])
    let path = try #require(FilePath.read(setting, at: "data.path", &problems))
    #expect(path.resolved == "dir/a.csv")
    #expect(path.keys == "data.path")
    #expect(path.json == "a.csv")
    #expect(FilePath.read(path.json, at: "", &problems) == path)
    #expect(problems.isEmpty)
  }

  @Test func `an anchored path means the same wherever it stands`() {
    let place = Place(file: "configs/digits.json", line: 3, column: 9)
    let path = FilePath("../data/x.idx", at: place)
    let anchored = path.anchored
    #expect(anchored.text == FileManager.default.currentDirectoryPath + "/configs/../data/x.idx")
    #expect(anchored.resolved == anchored.text)
    #expect(anchored.anchored == anchored)
    #expect(FilePath("/data/x.idx", at: place).anchored.text == "/data/x.idx")
  }

  @Test(arguments: ["", "a\0b"]) func `no path is refused`(text: String) {
    var problems = Problems()
    #expect(FilePath.read(JSON(.string(text)), at: "p", &problems) == nil)
    #expect(problems.list.count == 1)
  }
}
