public import GraphIR
public import Settings

/// A recurrent layer that reads sequences in both directions.
public struct Bidirectional: Block {
  public static let type = "bidirectional"
  public static let manual = """
    A recurrent layer and another like it that reads backwards, side by side.

    y = [layer(x), layer'(x)], layer' with go_backwards

    Input a sequence [N, T, F]; output [N, T, 2U], or [N, 2U] where the layer gives its last step only:
    that of layer' is then the first in time. With merge_mode sum the two are added instead. Layers:
    forward and backward, which have parameters of their own. As Keras.
    """
  public static let fields = [
    Field(
      "layer", \Bidirectional.layer, required: true,
      "The recurrent layer, such as {\"type\": \"lstm\", \"units\": 64}."
    ).example(["type": "lstm", "units": 4, "return_sequences": true]),
    Field("merge_mode", \Bidirectional.merge, "How the two become one."),
  ]
  public static let inputs = ["input"]

  /// How what both directions give becomes one.
  enum Merge: String, CaseIterable, SettingValue {
    /// Side by side.
    case concat
    case sum
  }

  var layer: JSON = ["type": "lstm", "units": 1]
  var merge = Merge.concat

  public init() {}

  public var layers: [JSON] {
    func direction(_ name: String, goesBackwards: Bool) -> JSON {
      let own = (layer.members ?? []).filter {
        !["name", "inputs", "go_backwards"].contains($0.key)
      }
      let entry: [JSON.Member] =
        [.init("name", name.json), .init("inputs", ["input"].json)] + own
        + (goesBackwards ? [.init("go_backwards", true.json)] : [])
      return JSON(.object(entry))
    }
    return [
      direction("forward", goesBackwards: false), direction("backward", goesBackwards: true),
      ["type": merge == .concat ? "concatenate" : "add", "inputs": ["forward", "backward"]],
    ]
  }

  public static var samples: [Bidirectional] {
    var (first, last) = (Bidirectional(), Bidirectional())
    first.layer = ["type": "lstm", "units": 4, "return_sequences": true]
    (last.layer, last.merge) = (["type": "gru", "units": 3], .sum)
    return [first, last]
  }
}
