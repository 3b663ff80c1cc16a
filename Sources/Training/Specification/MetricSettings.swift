public import Settings

/// A metric and what it compares: by default what the loss compares.
public struct MetricSettings: SettingValue {
  public let metric: any Metric
  /// What stands before the names of its results, with a slash: for two metrics of one kind.
  public let name: String?
  /// The layer whose output is measured.
  public let prediction: String?
  /// The field or layer it is held against.
  public let target: String?
  /// Whether both are brought back to the units of the file before.
  let isInOriginalUnits: Bool
  let place: Place?
  let path: String
  /// What the document says of it.
  private let said: JSON

  /// The keys that every metric has beside its own.
  static let keys = names + ["original_units"]
  private static let names = ["name", "prediction", "target"]
  /// What the schema says of them.
  static let members =
    names.map { JSON.Member($0, ["type": "string"]) }
    + [JSON.Member("original_units", ["type": "boolean"])]

  /// Itself with the result of the validation data that its metric asks for.
  func told(_ value: Double) -> MetricSettings {
    MetricSettings(
      metric: metric.told(value), name: name, prediction: prediction, target: target,
      isInOriginalUnits: isInOriginalUnits, place: place, path: path, said: said)
  }

  /// What is wrong with one of the names of what it compares, which nothing bears; or with its absence.
  func problem(of key: String, _ name: String?, among known: [String]) -> Problems {
    guard let name else {
      let compares = type(of: metric).comparesWithTarget
      let needs = "the metric needs a \"prediction\"" + (compares ? " and a \"target\"" : "")
      return Problems(Problem(needs, path: path, at: place))
    }
    let message =
      "\"\(name)\", which the metric \(key == "target" ? "compares with" : "measures"), does not exist"
      + suggestion(for: name, among: known)
    // A target that it leaves out is that of the loss.
    guard let place = said[key]?.place else {
      return Problems(Problem(message, path: path, at: self.place))
    }
    return Problems(Problem(message, path: Settings.path(path, key), at: place))
  }

  /// A result's name as this metric gives it.
  func title(_ result: String) -> String { name.map { "\($0)/\(result)" } ?? result }

  public static var expectation: String { "a metric" }
  public static var schema: JSON { metricRegistry.reference }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    let names = names.map { key in
      json[key].flatMap { String.read($0, at: Settings.path(path, key), &problems) }
    }
    let units = json["original_units"].flatMap {
      Bool.read($0, at: Settings.path(path, "original_units"), &problems)
    }
    guard
      let metric = metricRegistry.read(
        json, at: path, besides: keys, &problems)
    else { return nil }
    return MetricSettings(
      metric: metric, name: names[0], prediction: names[1], target: names[2],
      isInOriginalUnits: units ?? false, place: json.place, path: path, said: json)
  }

  public var json: JSON {
    var members = metric.typedJSON.members ?? []
    if let name { members.append(.init("name", name.json)) }
    if let prediction { members.append(.init("prediction", prediction.json)) }
    if let target { members.append(.init("target", target.json)) }
    if isInOriginalUnits { members.append(.init("original_units", true.json)) }
    return JSON(.object(members))
  }

  public static func == (one: Self, other: Self) -> Bool { one.json == other.json }
}
