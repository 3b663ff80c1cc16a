import Settings
import Testing

@Suite struct NearestNameTests {
  static let names = ["filters", "kernel_size", "strides", "padding", "x"]

  @Test(arguments: [
    ("filtres", "filters"), ("Filters", "filters"), ("kernelsize", "kernel_size"),
    ("stride", "strides"), ("pading", "padding"), ("paddign", "padding"), ("units", nil),
    ("", nil), ("y", nil), ("xx", "x"),
  ])
  func nearest(_ name: String, _ expected: String?) {
    #expect(nearestName(to: name, among: Self.names) == expected)
  }

  @Test func equallyNearNamesAreTakenInOrder() {
    #expect(nearestName(to: "conv", among: ["conw", "conb"]) == "conb")
    #expect(nearestName(to: "a", among: [String]()) == nil)
  }

  @Test func aNameOfAMegabyteCostsNothing() {
    let name = String(repeating: "filters", count: 150_000)
    #expect(nearestName(to: name, among: Self.names) == nil)
  }

  @Test func suggestions() {
    #expect(suggestion(for: "filtres", among: Self.names) == " (did you mean \"filters\"?)")
    #expect(
      suggestion(for: "zzz", among: Self.names)
        == " (known: filters, kernel_size, strides, padding, x)")
    #expect(suggestion(for: "zzz", among: [String]()).isEmpty)
    let many = (10..<50).map { "name_of_\($0)" }
    #expect(suggestion(for: "zzz", among: many).hasSuffix("name_of_33, ...)"))
  }
}
