/// One of several kinds of a thing, chosen by the key `type`: a layer, an optimizer, a reader.
public protocol Variant: Configurable {
  /// The value of `type`, in snake_case.
  static var type: String { get }
  /// The page of the manual: a line of summary, then equations, shapes and the source.
  static var manual: String { get }
}

extension Variant {
  /// The value with its `type`, as `Registry.read` takes it.
  public var typedJSON: JSON {
    JSON(.object([.init("type", JSON(.string(Self.type)))] + members))
  }
}

/// The sorted list of all variants of one kind; the only place that names them all.
public struct Registry<Base: Sendable>: Sendable {
  /// What the variants are, for messages, the manual and the schema: `layer`.
  public let kind: String
  public let variants: [any Variant.Type]

  /// A registry of types that each conform to `Base`.
  public init(_ kind: String, _ variants: [any Variant.Type]) {
    self.kind = kind
    self.variants = variants
  }

  /// The values that `type` may have.
  public var types: [String] { variants.map { $0.type } }

  /// The variant of a type's name.
  public func variant(_ type: String) -> (any Variant.Type)? { variants.first { $0.type == type } }

  /// Reads `{"type": "adam", ...}`, or `"adam"` where no key is required; `others` are keys that somebody else reads.
  public func read(
    _ json: JSON, at path: String, besides others: [String] = [], _ problems: inout Problems
  ) -> Base? {
    let object =
      json.string.map {
        JSON(.object([.init("type", JSON(.string($0), at: json.place))]), at: json.place)
      } ?? json
    guard object.members != nil else {
      problems.expected("an object with a \"type\"", got: json, path: path)
      return nil
    }
    guard let type = object["type"] else {
      problems.add("\"type\" is missing: which \(kind) this is", path: path, at: json.place)
      return nil
    }
    guard let name = String.read(type, at: Settings.path(path, "type"), &problems) else {
      return nil
    }
    guard let variant = variant(name) else {
      problems.add(
        "unknown \(kind) \"\(name)\"" + settingSuggestion(for: name, among: types),
        path: Settings.path(path, "type"), at: type.place)
      return nil
    }
    func open<Kind: Variant>(_ variant: Kind.Type) -> Base? {
      Kind.read(object, at: path, besides: others + ["type"], &problems) as? Base
    }
    return open(variant)
  }

  /// Where the schema of this kind stands in a document that holds `definition`.
  public var reference: JSON { ["$ref": JSON(.string("#/definitions/\(kind)"))] }

  /// The JSON Schema of the kind: one `if` a type, so that an editor's message is about the type at hand.
  ///
  /// `more` are keys beside those of the variants; `replacing` says whose a key is that both have.
  public func definition(with more: [JSON.Member] = [], replacing: Bool = false) -> JSON {
    let names = JSON(.array(types.map { JSON(.string($0)) }))
    let choices = variants.map { variant -> JSON in
      let type: JSON = [
        "const": JSON(.string(variant.type)), "description": JSON(.string(variant.summary)),
      ]
      return [
        "if": ["properties": ["type": ["const": JSON(.string(variant.type))]]],
        "then": variant.schema(
          with: [.init("type", type)] + more, replacing: replacing),
      ]
    }
    return [
      "if": ["type": "string"],
      "then": ["enum": names],
      "else": [
        "type": "object", "required": ["type"], "properties": ["type": ["enum": names]],
        "allOf": JSON(.array(choices)),
      ],
    ]
  }
}

extension Variant {
  /// The manual's first line.
  public static var summary: String {
    manual.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
  }
}

/// A kind of thing that has one registry; a field of type `Choice<Kind>` holds any of its variants.
public protocol Kind: Sendable {
  associatedtype Base: Sendable
  static var registry: Registry<Base> { get }
  /// The variant with its type, as written.
  static func json(_ value: Base) -> JSON
}

/// A setting that holds one variant of a kind: an initializer, a schedule.
public struct Choice<K: Kind>: SettingValue {
  public var value: K.Base

  public init(_ value: K.Base) { self.value = value }

  public static var expectation: String {
    let kind = K.registry.kind
    return (kind.first.map("aeiou".contains) == true ? "an " : "a ") + kind
  }
  public static var schema: JSON { K.registry.reference }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Choice? {
    K.registry.read(json, at: path, &problems).map(Choice.init)
  }
  public var json: JSON { K.json(value) }

  /// Equal settings of the same type.
  public static func == (one: Choice, other: Choice) -> Bool { one.json == other.json }
}
