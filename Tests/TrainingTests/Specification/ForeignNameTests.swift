import Datasets
import Foundation
import GraphIR
import Layers
import ModelSpec
import Testing

@testable import Settings
@testable import Training

/// What people write who come from Keras, PyTorch, Ludwig or darknet, and what they are told to write instead.
@Suite struct ForeignNameTests {
  static let configuration = """
    {"seed": 1,
     "data": {"train": {"type": "image_folder", "path": "p", "image_size": [8, 8]},
              "validation": {"type": "csv", "path": "v.csv", "label": "y", "separator": ","},
              "transforms": [{"type": "standardize", "field": "image"}]},
     "model": {"inputs": {"image": [8, 8, 1]}, "layers": [
       {"type": "conv2d", "filters": 4, "kernel_size": 3, "strides": 1, "padding": "same", "activation": "relu"},
       {"type": "max_pooling2d", "pool_size": 2},
       {"type": "batch_normalization", "epsilon": 1e-3},
       {"type": "flatten"},
       {"type": "dropout", "rate": 0.5},
       {"type": "dense", "name": "hidden", "units": 8, "kernel_initializer": "he_normal"},
       {"type": "leaky_relu", "negative_slope": 0.1},
       {"type": "dense", "name": "logits", "units": 10}]},
     "training": {"epochs": 3, "batch_size": 16,
       "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"},
       "optimizer": {"type": "adam", "learning_rate": {"type": "cosine", "initial": 0.01}},
       "metrics": ["accuracy"], "early_stopping": {"metric": "loss", "minimum_change": 0},
       "checkpoint": {"best": "loss"}}}
    """

  /// In place of a text of the configuration another one, and what is to be written.
  static let mistakes: [(old: String, new: String, told: String)] = [
    // Keras
    (#""softmax_cross_entropy""#, #""categorical_crossentropy""#, "softmax_cross_entropy"),
    (#""softmax_cross_entropy""#, #""sparse_categorical_crossentropy""#, "softmax_cross_entropy"),
    (#""softmax_cross_entropy""#, #""crossentropy""#, "softmax_cross_entropy"),
    (#""softmax_cross_entropy""#, #""binary_crossentropy""#, "binary_cross_entropy"),
    (#""softmax_cross_entropy""#, #""mse""#, "mean_squared_error"),
    (#""softmax_cross_entropy""#, #""mae""#, "mean_absolute_error"),
    (#""conv2d""#, #""Conv2D""#, "conv2d"),
    (#""conv2d""#, #""keras.layers.Conv2D""#, "conv2d"),
    (#""max_pooling2d""#, #""MaxPooling2D""#, "max_pooling2d"),
    (#""max_pooling2d""#, #""GlobalAveragePooling2D""#, "global_average_pooling2d"),
    (#""batch_normalization""#, #""BatchNormalization""#, "batch_normalization"),
    (#""dense""#, #""Dense""#, "dense"),
    (#""relu""#, #""ReLU""#, "relu"),
    (#""relu""#, #""silu""#, "swish"),
    (#""relu""#, #""linear""#, "no activation is what a layer has without"),
    (#""adam""#, #""Adam""#, "adam"),
    (#""adam""#, #""RMSprop""#, "rmsprop"),
    (#""cosine""#, #""CosineDecay""#, "cosine"),
    (#""accuracy""#, #""acc""#, "accuracy"),
    (#""accuracy""#, #""sparse_categorical_accuracy""#, "accuracy"),
    (#""accuracy""#, #""AUC""#, "roc_auc"),
    (#""kernel_size": 3"#, #""kernel": 3"#, "kernel_size"),
    (#""units": 8"#, #""filters": 8"#, "units"),
    (#""filters": 4"#, #""units": 4"#, "filters"),
    (#""filters": 4"#, #""filters": 4, "input_shape": [8, 8, 1]"#, "\"inputs\" of the network"),
    (#""epochs": 3"#, #""epochs": 3, "callbacks": []"#, "\"early_stopping\", \"checkpoint\""),
    (#""epochs": 3"#, #""epochs": 3, "validation_split": 0.1"#, "divided by \"slice\""),
    (#""metric": "loss""#, #""monitor": "loss""#, "metric"),
    (#""minimum_change": 0"#, #""min_delta": 0"#, "minimum_change"),
    (#""minimum_change": 0"#, #""restore_best_weights": true"#, "eval and predict take"),
    (#""units": 10"#, #""units": 10, "trainable": false"#, "\"freeze\" in \"training\""),
    (
      #""prediction": "logits""#, #""prediction": "logits", "from_logits": true"#,
      "losses take logits"
    ),
    (#""he_normal""#, #""HeNormal""#, "he_normal"),
    (#""he_normal""#, #""glorot""#, "glorot_uniform"),
    // PyTorch
    (#""softmax_cross_entropy""#, #""CrossEntropyLoss""#, "softmax_cross_entropy"),
    (#""softmax_cross_entropy""#, #""nn.BCEWithLogitsLoss""#, "binary_cross_entropy"),
    (#""softmax_cross_entropy""#, #""torch.nn.MSELoss""#, "mean_squared_error"),
    (#""softmax_cross_entropy""#, #""SmoothL1Loss""#, "huber"),
    (#""conv2d""#, #""nn.Conv2d""#, "conv2d"),
    (#""conv2d""#, #""ConvTranspose2d""#, "conv2d_transpose"),
    (#""max_pooling2d""#, #""MaxPool2d""#, "max_pooling2d"),
    (#""batch_normalization""#, #""BatchNorm2d""#, "batch_normalization"),
    (#""dense""#, #""Linear""#, "dense"),
    (#""filters": 4"#, #""out_channels": 4"#, "filters"),
    (#""filters": 4"#, #""filters": 4, "in_channels": 1"#, "a layer takes what it reads"),
    (#""units": 8"#, #""out_features": 8"#, "units"),
    (#""strides": 1"#, #""stride": 1"#, "strides"),
    (#""rate": 0.5"#, #""p": 0.5"#, "rate"),
    (#""epsilon": 1e-3"#, #""eps": 1e-3"#, "epsilon"),
    (#""adam""#, #""torch.optim.AdamW""#, "adamw"),
    (#""adam", "#, #""adam", "betas": [0.9, 0.999], "#, "beta_1"),
    (#""learning_rate": {"#, #""lr": {"#, "learning_rate"),
    (#""epochs": 3"#, #""epochs": 3, "lr": 0.1"#, "belongs to the optimizer"),
    (#""epochs": 3"#, #""epochs": 3, "scheduler": "cosine""#, "in place of the learning rate"),
    (#""cosine""#, #""CosineAnnealingLR""#, "cosine"),
    (#""cosine""#, #""ReduceLROnPlateau""#, "on_plateau"),
    (#""epochs": 3"#, #""epochs": 3, "max_grad_norm": 1"#, "clip_norm"),
    (#""epochs": 3"#, #""epochs": 3, "num_workers": 2"#, "--threads"),
    (#""epochs": 3"#, #""epochs": 3, "device": "cuda""#, "computed by the processor"),
    (#""image_folder""#, #""torchvision.datasets.ImageFolder""#, "image_folder"),
    (#""standardize""#, #""Normalize""#, "standardize"),
    (#""he_normal""#, #""kaiming_normal""#, "he_normal"),
    (#""he_normal""#, #""xavier_uniform""#, "glorot_uniform"),
    // Ludwig
    (#""training":"#, #""trainer":"#, "training"),
    (#""model":"#, #""input_features": [], "model":"#, "the model lists its layers itself"),
    (#""transforms":"#, #""preprocessing":"#, "transforms"),
    (#""early_stopping":"#, #""early_stop":"#, "early_stopping"),
    (#""units": 8"#, #""output_size": 8"#, "units"),
    (#""units": 8"#, #""fc_size": 8"#, "units"),
    (#""units": 8"#, #""units": 8, "dropout": 0.1"#, "{\"type\": \"dropout\", \"rate\": 0.5}"),
    (#""accuracy""#, #""root_mean_squared_error""#, "\"mean_squared_error\" is its square"),
    // darknet
    (#""conv2d""#, #""convolutional""#, "conv2d"),
    (#""max_pooling2d""#, #""maxpool""#, "max_pooling2d"),
    (#""max_pooling2d""#, #""avgpool""#, "global_average_pooling2d"),
    (#""dense""#, #""connected""#, "dense"),
    (#""flatten""#, #""shortcut""#, "add"),
    (#""flatten""#, #""route""#, "concatenate"),
    (#""relu""#, #""leaky""#, "leaky_relu"),
    (#""relu""#, #""logistic""#, "sigmoid"),
    (#""kernel_size": 3"#, #""size": 3"#, "kernel_size"),
    (#""pool_size": 2"#, #""size": 2"#, "pool_size"),
    (#""padding": "same""#, #""pad": 1"#, "padding"),
    (
      #""filters": 4"#, #""filters": 4, "batch_normalize": 1"#,
      "{\"type\": \"batch_normalization\"}"
    ),
    (#""epochs": 3"#, #""max_batches": 500"#, "steps"),
    (#""batch_size": 16"#, #""batch": 16"#, "batch_size"),
    (#""epochs": 3"#, #""epochs": 3, "subdivisions": 8"#, "gradient_accumulation"),
    (#""epochs": 3"#, #""epochs": 3, "momentum": 0.9"#, "belongs to the optimizer"),
    (#""epochs": 3"#, #""epochs": 3, "policy": "steps""#, "in place of the learning rate"),
    (#""cosine""#, #""steps""#, "multi_step"),
    (#""validation":"#, #""valid":"#, "validation"),
  ]

  private func message(_ configuration: String) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write("config.json", configuration)
    do {
      _ = try Experiment.load(path, environment: [:])
      return ""
    } catch { return "\(error)" }
  }

  @Test func theConfigurationIsRight() throws { #expect(try message(Self.configuration) == "") }

  @Test func thereAreMistakesOfAll() { #expect(Self.mistakes.count >= 60) }

  @Test(arguments: mistakes)
  func eachIsToldWhatToWrite(old: String, new: String, told: String) throws {
    let text = Self.configuration
    let range = try #require(text.range(of: old), "\(old)")
    let message = try message(text.replacingCharacters(in: range, with: new))
    let isName = told.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }
    let expected = isName ? "(did you mean \"\(told)\"?)" : told
    #expect(message.contains(expected), "\(new): \(message)")
  }

  @Test func anUnknownLossListsAllLosses() throws {
    let losses = LossSetting.registry.types
    let text = Self.configuration.replacingOccurrences(of: "softmax_cross_entropy", with: "dice")
    let message = try message(text)
    #expect(message.contains("training.loss.type: unknown loss \"dice\" (known: "), "\(message)")
    #expect(losses.count > 5 && losses.allSatisfy(message.contains), "\(message)")
  }

  @Test(arguments: ["val_loss", "validation_loss", "eval_loss"]) func resultsHaveOtherNames(
    name: String
  ) {
    #expect(
      suggestion(for: name, among: ["loss", "accuracy"]) == " (did you mean \"loss\"?)")
    #expect(
      suggestion(for: "val_accuracy", among: ["loss", "accuracy"])
        == " (did you mean \"accuracy\"?)")
  }

  /// A name that stands for several is the first that can stand there; one that stands for none is looked for by its
  /// letters.
  @Test func whatIsMeantDependsOnWhatThereIs() {
    #expect(suggestion(for: "size", among: ["pool_size"]) == " (did you mean \"pool_size\"?)")
    #expect(
      suggestion(for: "size", among: ["pool_size", "kernel_size"])
        == " (did you mean \"kernel_size\"?)")
    #expect(suggestion(for: "size", among: ["units"]) == " (known: units)")
    #expect(suggestion(for: "sise", among: ["size"]) == " (did you mean \"size\"?)")
    #expect(settingSuggestion(for: "device", among: ["units"]).contains("processor"))
    // Names that people choose are not settings.
    #expect(suggestion(for: "device", among: ["units"]) == " (known: units)")
  }

  /// What the table tells people to write is there to be written.
  @Test func theTableNamesWhatThereIs() {
    let types =
      layerRegistry.types + blockRegistry.types + optimizerRegistry.types + scheduleRegistry.types
      + metricRegistry.types + readerRegistry.types + transformRegistry.types
      + tokenizerRegistry.types + initializerRegistry.types
    func fields<V: Variant>(_ variant: V.Type) -> [String] { V.fields.map(\.name) }
    let variants: [any Variant.Type] =
      layerRegistry.variants + blockRegistry.variants + optimizerRegistry.variants
      + scheduleRegistry.variants + metricRegistry.variants + readerRegistry.variants
      + transformRegistry.variants + tokenizerRegistry.variants + initializerRegistry.variants
    let keys =
      variants.flatMap { fields($0) } + ExperimentSettings.fields.map(\.name)
      + DataSpec.fields.map(\.name) + StageSettings.fields.map(\.name)
      + Minimization.fields.map(\.name) + EarlyStopping.fields.map(\.name)
      + CheckpointSettings.fields.map(\.name) + Initialization.fields.map(\.name)
      + LayerEntry.fields.map(\.name) + ["type", "loss"]
    let known = Set(types + keys)
    for (ours, theirs) in ForeignNames.spellings {
      #expect(known.contains(ours), "\(ours)")
      #expect(!theirs.isEmpty)
    }
  }
}
