public import GraphIR
public import Settings

/// The namespace of all initializers: a layer and an initializer may share a name.
public enum Initializers {}

/// Every initializer there is, sorted by type.
public let initializerRegistry = Registry<any Initializer>(
  "initializer",
  [
    Initializers.Constant.self,
    Initializers.GlorotNormal.self,
    Initializers.GlorotUniform.self,
    Initializers.HeNormal.self,
    Initializers.HeUniform.self,
    Initializers.LeCunNormal.self,
    Initializers.LeCunUniform.self,
    Initializers.Ones.self,
    Initializers.Orthogonal.self,
    Initializers.RandomNormal.self,
    Initializers.RandomUniform.self,
    Initializers.TruncatedNormal.self,
    Initializers.Zeros.self,
  ])

/// What a field holds that names an initializer.
public enum InitializerKind: Kind {
  public static var registry: Registry<any Initializer> { initializerRegistry }
  public static func json(_ value: any Initializer) -> JSON { value.typedJSON }
}

/// A setting that holds an initializer: `"he_normal"`, `{"type": "constant", "value": 0.1}`.
public typealias InitializerChoice = Choice<InitializerKind>
