public import GraphIR
public import Settings

/// A layer, a block or a network on every step of a sequence.
public struct TimeDistributed: Block {
  public static let type = "time_distributed"
  public static let manual = """
    Puts a layer, a block or a network on every step of a sequence, as a convnet on every image of it.

    y[n, t] = layer(x[n, t])

    Input [N, T, ...], output [N, T, ...] with what the layer gives for a row [...]. Layers: merge_time,
    the layer, split_time; the layer sees a batch of N T rows, so nothing is copied or computed twice.
    Dense, embedding and activations do so without it. As Keras's TimeDistributed, but for layers that
    take statistics of their batch or draw for it: Keras calls the layer for one step after the other,
    so that batch_normalization has the means of each step in training and its averages move T times;
    here they are those of all N T rows. In evaluation both are the same. Several layers are a block or
    a network: {"type": "network", "network": "encoder"}.
    """
  public static let fields = [
    Field(
      "layer", \TimeDistributed.layer, required: true,
      "What is put on every step: an entry as in a list of layers, by default named \"layer\".")
  ]
  public static let inputs = ["input"]

  public var layer: JSON = "flatten"

  public init() {}

  public init(_ layer: JSON) { self.layer = layer }

  public var layers: [JSON] {
    let name = layer["name"]?.string ?? "layer"
    var entry = layer
    if layer.string != nil { entry = JSON(.object([.init("type", layer)]), at: layer.place) }
    if entry["name"] == nil, let members = entry.members {
      entry = JSON(.object(members + [.init("name", name.json)]), at: layer.place)
    }
    return [
      ["type": "merge_time", "name": "merge"], entry,
      ["type": "split_time", "name": "split", "inputs": JSON(.array([name.json, "input"]))],
    ]
  }

  public static var samples: [TimeDistributed] {
    [
      TimeDistributed(["type": "conv2d", "filters": 8, "kernel_size": 3]),
      TimeDistributed("flatten"),
      TimeDistributed(["type": "network", "network": "encoder", "name": "image"]),
    ]
  }
}
