public import Settings

/// A metric and what it compares: by default what the loss compares.
public struct MetricSettings: SettingValue {
  public let metric: any Metric
  /// The layer whose output is measured.
  public let prediction: String?
  /// The field it is held against.
  public let target: String?
  let place: Place?
  let path: String

  public static var expectation: String { "a metric" }
  public static var schema: JSON { metricRegistry.reference }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    let names = ["prediction", "target"].map { key in
      json[key].flatMap { String.read($0, at: Settings.path(path, key), &problems) }
    }
    guard
      let metric = metricRegistry.read(
        json, at: path, besides: ["prediction", "target"], &problems)
    else { return nil }
    return MetricSettings(
      metric: metric, prediction: names[0], target: names[1], place: json.place, path: path)
  }

  public var json: JSON {
    var members = metric.typedJSON.members ?? []
    if let prediction { members.append(.init("prediction", prediction.json)) }
    if let target { members.append(.init("target", target.json)) }
    return JSON(.object(members))
  }

  public static func == (one: Self, other: Self) -> Bool { one.json == other.json }
}
