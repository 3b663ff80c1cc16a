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

  @Test func everyBlockIsAFileAndEveryFileABlock() throws {
    let files = try Self.files(of: "Blocks").filter { $0 != "BlockRegistry" }
    #expect(blockTypes.map { String(describing: $0) }.sorted() == files)
    #expect(Set(blockRegistry.types).isDisjoint(with: layerRegistry.types))
  }

  @Test(arguments: blockTypes.indices) func everyBlockIsDocumentedAndReadsBack(_ index: Int) {
    func open<B: Block>(_ type: B.Type) {
      #expect(String(describing: type).lowercased() == type.type.filter { $0 != "_" })
      #expect(type.summary.hasSuffix(".") && type.summary.count <= 100, "\(type.summary)")
      #expect(type.manual.split(separator: "\n").allSatisfy { $0.count <= 100 })
      for field in type.fields { #expect(field.documentation.count > 8, "\(field.name)") }
      for sample in type.samples {
        var problems = Problems()
        let again = blockRegistry.read(sample.typedJSON, at: "block", &problems)
        #expect(again as? B == sample, "\(problems)")
      }
    }
    open(blockTypes[index])
  }

  @Test func theListsAreSortedAndNamesUnique() {
    for types in [layerRegistry.types, blockRegistry.types, initializerRegistry.types] {
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
