/// One key of a settings object: its name, what it holds, where that is stored, and its line of the manual.
///
/// A type lists its fields once; the list reads, writes, defaults, range-checks, documents and gives the JSON Schema.
public struct Field<Owner: Sendable>: Sendable {
  public let name: String
  /// The line of the manual.
  public let documentation: String
  public let isRequired: Bool
  /// What to write: "an integer, at least 1".
  public let expectation: String
  /// What people might write, for the manual and the schema, where the initial value says nothing.
  public private(set) var example: JSON?
  private(set) var schema: JSON
  let read: @Sendable (JSON, String, inout Owner, inout Problems) -> Void
  /// The value in an owner; nil for an optional one that is not set.
  public let write: @Sendable (Owner) -> JSON?

  /// A key that always has a value: the one in the file, or the owner's initial one.
  public init<Value: SettingValue>(
    _ name: String, _ path: WritableKeyPath<Owner, Value> & Sendable, required: Bool = false,
    _ bounds: Bounds<Value>, _ documentation: String
  ) {
    self.init(
      name, documentation, required, bounds,
      store: { $0[keyPath: path] = $1 }, write: { $0[keyPath: path].json })
  }

  /// The same for any value of its type.
  public init<Value: SettingValue>(
    _ name: String, _ path: WritableKeyPath<Owner, Value> & Sendable, required: Bool = false,
    _ documentation: String
  ) {
    self.init(
      name, documentation, required, nil as Bounds<Value>?,
      store: { $0[keyPath: path] = $1 }, write: { $0[keyPath: path].json })
  }

  /// A key that may be absent, which then means something of its own.
  public init<Value: SettingValue>(
    _ name: String, _ path: WritableKeyPath<Owner, Value?> & Sendable, _ bounds: Bounds<Value>,
    _ documentation: String
  ) {
    self.init(
      name, documentation, false, bounds,
      store: { $0[keyPath: path] = $1 }, write: { $0[keyPath: path]?.json })
  }

  /// The same for any value of its type.
  public init<Value: SettingValue>(
    _ name: String, _ path: WritableKeyPath<Owner, Value?> & Sendable, _ documentation: String
  ) {
    self.init(
      name, documentation, false, nil as Bounds<Value>?,
      store: { $0[keyPath: path] = $1 }, write: { $0[keyPath: path]?.json })
  }

  private init<Value: SettingValue>(
    _ name: String, _ documentation: String, _ required: Bool, _ bounds: Bounds<Value>?,
    store: @escaping @Sendable (inout Owner, Value) -> Void,
    write: @escaping @Sendable (Owner) -> JSON?
  ) {
    self.name = name
    self.documentation = documentation
    isRequired = required
    let expectation = [Value.expectation, bounds?.text].compactMap(\.self).joined(separator: ", ")
    self.expectation = expectation
    schema = JSON(
      .object(
        (Value.schema.members ?? []) + (bounds?.schema ?? [])
          + [.init("description", JSON(.string(documentation)))]))
    read = { json, path, owner, problems in
      guard let value = Value.read(json, at: path, &problems) else { return }
      if let bounds, !bounds.holds(value) {
        problems.expected(expectation, got: json, path: path)
      } else {
        store(&owner, value)
      }
    }
    self.write = write
  }

  /// The same key with a value that people might write.
  public func example(_ value: JSON) -> Field {
    var field = self
    field.example = value
    field.schema = JSON(
      .object((schema.members ?? []) + [.init("examples", JSON(.array([value])))]))
    return field
  }
}
