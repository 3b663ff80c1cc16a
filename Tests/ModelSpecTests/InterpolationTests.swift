import ModelSpec
import Settings
import Testing

@Suite struct InterpolationTests {
  @Test(arguments: [
    ("${env:A}/x", "\"va/x\""), ("${env:A}", "\"va\""), ("${env:N}", "3"),
    ("x${env:N}", "\"x3\""), ("${env:L}", "[1, 2]"), ("${env:GONE:-d e}", "\"d e\""),
    ("${env:GONE:-7}", "7"), ("${env:EMPTY:-}", "\"\""), ("${env:EMPTY:-e}", "\"e\""),
    ("$${env:A}", "\"${env:A}\""), ("$$${env:A}", "\"$${env:A}\""),
    ("${filters}", "\"${filters}\""),
    ("$${filters} ${env:A}", "\"$${filters} va\""), ("$ {env:A} $", "\"$ {env:A} $\""),
    ("a${env:A}b${env:A}", "\"avabva\""), ("${env:R}", "\"${ref:n}\""),
  ])
  func environment(_ text: String, _ expected: String) throws {
    let files = try Files(["a.json": JSON.object(["v": JSON(.string(text)), "n": 1]).text()])
    let config = try files.load(environment: [
      "A": "va", "N": "3", "L": "[1, 2]", "EMPTY": "", "R": "${ref:n}",
    ])
    #expect(config.effective["v"]?.text() == expected)
    #expect(config.effective["v"]?.place == config.resolved["v"]?.place)
    // What is kept says where the value comes from, and not the value.
    #expect(config.resolved["v"]?.string == text)
  }

  @Test(arguments: [
    ("${ref:n}", "1"), ("${ref:o.l[1]}", "{\"c\": \"x1\"}"), ("${ref:o.l[1].c}/y", "\"x1/y\""),
    ("${ref:again.l[0]}", "true"), ("n is ${ref:n}", "\"n is 1\""), ("$${ref:n}", "\"${ref:n}\""),
    ("${ref:secret}", "\"s\""),
  ])
  func references(_ text: String, _ expected: String) throws {
    let document: JSON = [
      "v": JSON(.string(text)), "n": 1, "o": ["l": [true, ["c": "x${ref:n}"]]],
      "again": "${ref:o}", "secret": "${env:S}",
    ]
    let config = try Files(["a.json": document.text()]).load(environment: ["S": "s"])
    #expect(config.effective["v"]?.text() == expected)
    #expect(config.resolved["secret"] == "${env:S}")
    #expect(text != "${ref:secret}" || config.resolved["v"] == "${env:S}")
  }

  @Test func overridesAreReferredTo() throws {
    let files = try Files(["a.json": #"{"a": "${ref:b}", "b": 1}"#])
    #expect(try files.load(set: ["b=2"]).effective == ["a": 2, "b": 2])
    #expect(try files.load(set: ["b=${env:X}"], environment: ["X": "4"]).effective["a"] == 4)
  }

  @Test(arguments: [
    (
      #"{"a": "${env:GONE}"}"#,
      "a.json:1:7: a: the environment variable GONE is not set; a default is written ${env:GONE:-default}"
    ),
    (#"{"a": [1, "${env:HOME"]}"#, "a.json:1:11: a[1]: \"${env:\" without \"}\""),
    (
      #"{"a": "x ${env:L}"}"#, "no mistake: {\"a\": \"x [1]\"}"
    ),
    (
      #"{"a": "${ref:bb}", "b": 1}"#,
      "a.json:1:7: a: \"${ref:bb}\": there is no \"bb\" (did you mean \"b\"?)"
    ),
    (
      #"{"a": "${ref:b[3]}", "b": [1]}"#, "a.json:1:7: a: \"${ref:b[3]}\": there is no \"b[3]\""
    ),
    (
      #"{"a": "${ref:}"}"#,
      "a.json:1:7: a: expected the path of a value, as in ${ref:training.epochs}, got \"\""
    ),
    (
      #"{"a": "x ${ref:b}", "b": [1]}"#,
      "a.json:1:7: a: \"${ref:b}\" stands within a text, where only a string, a number or a truth value can stand; it is a list of 1"
    ),
    (
      #"{"a": "${ref:a}"}"#, "a.json:1:7: a: references in a circle: a -> a"
    ),
    (
      #"{"a": {"b": "${ref:a}"}}"#, "a.json:1:13: a.b: references in a circle: a -> a"
    ),
    (
      #"{"a": "${ref:b}", "b": "x${ref:a}"}"#,
      """
      a.json:1:7: a: references in a circle: b -> a -> b
      a.json:1:24: b: references in a circle: a -> b -> a
      """
    ),
    (
      #"{"extends": "${env:BASE}"}"#,
      "a.json:1:13: extends: the environment variable BASE is not set; a default is written ${env:BASE:-default}"
    ),
    (#"{"extends": [1]}"#, "a.json:1:14: extends[0]: expected the path of a file, got 1"),
  ])
  func mistakes(_ text: String, _ expected: String) throws {
    let files = try Files(["a.json": text])
    #expect(files.message(environment: ["L": "[1]"]) == expected)
  }

  @Test func referencesDoNotGrowWithoutBound() throws {
    // Each key holds the next twice: 2^60 values, if nothing stopped it.
    let members = (0..<60).map { #""k\#($0)": ["${ref:k\#($0 + 1)}", "${ref:k\#($0 + 1)}"]"# }
    let doubling = try Files(["a.json": "{\(members.joined(separator: ", ")), \"k60\": 1}"])
    #expect(doubling.message().contains("references make the file too large"))
    let texts = (0..<60).map { #""k\#($0)": "${ref:k\#($0 + 1)}${ref:k\#($0 + 1)}""# }
    let longer = try Files(["a.json": "{\(texts.joined(separator: ", ")), \"k60\": \"x\"}"])
    #expect(longer.message().contains("references make the file too large"))
    let chain = (0..<5000).map { #""k\#($0)": ["${ref:k\#($0 + 1)}"]"# }
    let deep = try Files(["a.json": "{\(chain.joined(separator: ", ")), \"k5000\": \"x\"}"])
    #expect(deep.message().contains("references"))
  }
}
