import GraphIR
import Layers
import Settings

/// The short form's loss: a layer, with the names of what it compares beside its own keys.
enum LossSetting {
  /// The keys beside those of the layer.
  static let names = ["prediction", "target"]

  /// The losses among the layers.
  static let registry = Registry<any Layer>(
    "loss", layerRegistry.variants.filter { $0 is any Loss.Type })

  /// Reads the layer, or reports what is wrong with it and returns nil.
  static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> (any Layer)? {
    // Here "target" is the name of a field; a loss may have a setting of that name, which is a number.
    let own = json.without("prediction", "target")
    // What is a layer and no loss may give a number to minimize all the same.
    let isLayer = (json.string ?? json["type"]?.string).flatMap(layerRegistry.variant) != nil
    return (isLayer ? layerRegistry : registry).read(own, at: path, besides: names, &problems)
  }
}
