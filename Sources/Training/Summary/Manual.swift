import Datasets
import GraphIR
import Layers
import Settings

/// The manual of everything that a configuration can name, made of the field tables.
public enum Manual {
  /// All variants of one kind.
  public struct Chapter: Sendable {
    public let title: String
    public let pages: [Page]
  }

  /// One variant.
  public struct Page: Sendable {
    public let kind: String
    public let type: String
    public let summary: String
    public let text: String
    /// What somebody might write.
    public let example: JSON
  }

  public static var all: [Chapter] {
    let (losses, layers) = layerRegistry.variants.reduce(into: ([Page](), [Page]())) {
      if $1 is any Loss.Type {
        $0.0.append(page($1, "loss"))
      } else {
        $0.1.append(page($1, "layer"))
      }
    }
    return [
      Chapter(title: "Layers", pages: layers),
      chapter("Blocks", blockRegistry),
      Chapter(title: "Losses", pages: losses),
      chapter("Initializers", initializerRegistry),
      chapter("Optimizers", optimizerRegistry),
      chapter("Schedules", scheduleRegistry),
      chapter("Metrics", metricRegistry),
      chapter("Readers", readerRegistry),
      chapter("Tokenizers", tokenizerRegistry),
      chapter("Transforms", transformRegistry),
    ]
  }

  private static func chapter<Base>(_ title: String, _ registry: Registry<Base>) -> Chapter {
    Chapter(title: title, pages: registry.variants.map { page($0, registry.kind) })
  }

  private static func page(_ variant: any Variant.Type, _ kind: String) -> Page {
    func open<V: Variant>(_ variant: V.Type) -> Page {
      var lines = ["\(V.type) (\(kind))", "", V.manual, ""]
      if !V.fields.isEmpty {
        lines.append("Keys")
        let initial = V()
        for field in V.fields {
          let value =
            field.isRequired ? "required" : field.write(initial).map { "default \($0.text())" }
          lines.append(
            "  \(field.name): \([field.expectation, value].compactMap(\.self).joined(separator: "; "))"
          )
          lines.append("      \(field.documentation)")
        }
        lines.append("")
      }
      let example = example(of: variant)
      lines += ["Example", "  " + example.text(), ""]
      return Page(
        kind: kind, type: V.type, summary: V.summary, text: lines.joined(separator: "\n"),
        example: example)
    }
    return open(variant)
  }

  /// A layer's first sample, else what has to be written: the keys that are required.
  private static func example<V: Variant>(of variant: V.Type) -> JSON {
    func open<L: Layer>(_ layer: L.Type) -> JSON? { L.samples.first?.layer.typedJSON }
    if let layer = variant as? any Layer.Type, let json = open(layer) { return json }
    func open<B: Block>(block: B.Type) -> JSON? { B.samples.first?.typedJSON }
    if let block = variant as? any Block.Type, let json = open(block: block) { return json }
    let initial = V()
    let members = V.fields.filter(\.isRequired).compactMap { field in
      (field.example ?? field.write(initial)).map { JSON.Member(field.name, $0) }
    }
    return JSON(.object([.init("type", V.type.json)] + members))
  }
}
