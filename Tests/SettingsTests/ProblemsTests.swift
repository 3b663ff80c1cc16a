import Settings
import Testing

@Suite struct ProblemsTests {
  func place(_ file: String, _ line: Int, _ column: Int) -> Place {
    Place(file: file, line: line, column: column)
  }

  @Test func aProblemNamesPlacePathAndMistake() {
    #expect(
      Problem("wrong", path: "a.b[1]", at: place("c.json", 3, 7)).description
        == "c.json:3:7: a.b[1]: wrong")
    #expect(Problem("wrong").description == "wrong")
    #expect(path(path(path("", "a"), "b"), 1) == "a.b[1]")
  }

  @Test func problemsComeInTheOrderOfEachFile() {
    var problems = Problems()
    problems.add("1", at: place("b", 2, 1))
    problems.add("2", at: place("a", 9, 9))
    problems.add("3")
    problems.add("4", at: place("b", 1, 5))
    problems.add("5", at: place("b", 1, 4))
    #expect(problems.description == "b:1:4: 5\nb:1:5: 4\nb:2:1: 1\na:9:9: 2\n3")
    #expect(throws: problems) { try problems.throwIfAny() }
    #expect(throws: Never.self) { try Problems().throwIfAny() }
  }

  @Test func noMoreAreShownThanAnybodyReads() {
    var problems = Problems()
    for number in 0..<150 { problems.add("\(number)") }
    let lines = problems.description.split(separator: "\n")
    #expect(lines.count == 101)
    #expect(lines.last == "... and 50 more")
  }

  @Test func eachOnce() {
    var problems = Problems()
    problems.add("a", path: "x")
    problems.add("b")
    problems.add("a", path: "x")
    problems.add("a", path: "y")
    #expect(problems.unique.list.map(\.description) == ["x: a", "b", "y: a"])
  }
}
