public import Settings

/// The kind of setting that an optimizer is.
public enum OptimizerKind: Kind {
  public static var registry: Registry<any Optimizer> { optimizerRegistry }
  public static func json(_ value: any Optimizer) -> JSON { value.typedJSON }
}
