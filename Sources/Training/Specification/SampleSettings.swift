public import Settings

/// Pictures that show how training gets on.
public struct SampleSettings: Configurable {
  public var network: String?
  public var layer: String?
  public var everyEpochs = 1
  public var count = 64
  public var columns = 8
  public var range: [Double]?

  public init() {}

  public static let fields: [Field<SampleSettings>] = [
    Field(
      "network", \.network,
      "The network that makes them of noise (and of all classes in turn), the same at every epoch"),
    Field(
      "layer", \.layer,
      "Instead, a layer that reconstructs the first validation rows; what the loss compares with them where both are absent"
    ),
    Field("every_epochs", \.everyEpochs, .atLeast(1), "How often; after the last epoch always"),
    Field("count", \.count, .within(1...4096), "How many pictures"),
    Field("columns", \.columns, .within(1...256), "How many stand beside each other"),
    Field(
      "range", \.range,
      Bounds("the number shown as black, then a larger one shown as white") {
        $0.count == 2 && $0[0] < $0[1] && $0.allSatisfy { $0.magnitude < 1e30 }
      },
      "What is black and white; by default what the data's transforms make of the bytes 0 and 255"),
  ]

  public var contradiction: String? {
    network != nil && layer != nil ? "\"network\" and \"layer\" both say what is shown" : nil
  }
}
