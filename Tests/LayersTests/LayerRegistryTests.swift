import Foundation
import GraphIR
import Layers
import Settings
import Testing

@Suite struct LayerRegistryTests {
  /// The Swift files of a folder of the module's sources, without their ending.
  private static func files(of folder: String) throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("Sources/Layers/\(folder)").path
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.sorted()
  }

  @Test func everyLayerIsAFileAndEveryFileALayer() throws {
    let files = try Self.files(of: "").filter { $0 != "LayerRegistry" }
    #expect(layerTypes.map { String(describing: $0) }.sorted() == files)
  }

  @Test func theListsAreSortedAndNamesUnique() {
    for types in [layerRegistry.types, initializerRegistry.types] {
      #expect(types == types.sorted())
      #expect(Set(types).count == types.count)
    }
  }

  /// `max_pooling2d` is `MaxPooling2D`.
  @Test(arguments: layerTypes.indices) func typesAreNamedAsTheirFiles(_ index: Int) {
    let type = layerTypes[index]
    let plain = type.type.filter { $0 != "_" }
    #expect(String(describing: type).lowercased() == plain)
    #expect(type.type == type.type.lowercased())
  }

  @Test(arguments: layerTypes.indices) func everyLayerIsDocumentedAndSampled(_ index: Int) {
    func open<L: Layer>(_ type: L.Type) {
      let lines = type.manual.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(type.summary.hasSuffix(".") && type.summary.count <= 100, "\(type.summary)")
      #expect(lines.count > 2 && lines[1].isEmpty, "a summary, an empty line, the equations")
      #expect(lines.allSatisfy { $0.count <= 100 })
      #expect(!type.samples.isEmpty)
      for field in type.fields { #expect(field.documentation.count > 8, "\(field.name)") }
      #expect(type.schema.members != nil)
    }
    open(layerTypes[index])
  }
}
