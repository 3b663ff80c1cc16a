import Datasets
import Layers
import Settings
import Testing

@testable import Training

@Suite struct ManualTests {
  /// What a manual's example says can be written, and what it leaves out can be left out.
  private func check<Base>(_ registry: Registry<Base>) throws {
    for type in registry.types {
      let page = try #require(
        Manual.all.flatMap(\.pages).first { $0.type == type && $0.kind == registry.kind })
      #expect(throws: Never.self, "\(page.example.text())") { try read(registry, page.example) }
      for key in (page.example.members ?? []).map(\.key) {
        #expect(
          throws: Problems.self, "\(type) needs no \(key)",
          performing: {
            try read(registry, JSON(.object(page.example.members?.filter { $0.key != key } ?? [])))
          })
      }
    }
  }

  @Test func examplesSayWhatIsRequiredAndNothingElse() throws {
    try check(optimizerRegistry)
    try check(scheduleRegistry)
    try check(metricRegistry)
    try check(readerRegistry)
    try check(transformRegistry)
    try check(initializerRegistry)
  }
}
