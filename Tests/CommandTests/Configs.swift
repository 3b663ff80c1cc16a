import Foundation
import Testing

/// The configurations that come with dlcli.
enum Configs {
  /// Every JSON file under `configs`, however deep.
  static let all: [String] = {
    let names = FileManager.default.enumerator(
      atPath: Dlcli.root.appendingPathComponent("configs").path)
    return (names ?? .init()).compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }
      .sorted().map { "configs/\($0)" }
  }()

  /// What of the environment says where data are.
  static let environment = ProcessInfo.processInfo.environment.filter { $0.key == "DLCLI_DATA" }

  /// Those that name the data they train on; the others are models and workloads of dlbench.
  static let trained = all.filter { object(of: $0)["data"] != nil }
  static let withData = trained.filter { missingFiles(of: $0).isEmpty }
  static let withoutData = trained.filter { !missingFiles(of: $0).isEmpty }

  private static func text(of config: String) -> String {
    (try? String(contentsOf: Dlcli.root.appendingPathComponent(config), encoding: .utf8)) ?? ""
  }

  private static func object(of config: String) -> [String: Any] {
    let object = try? JSONSerialization.jsonObject(with: Data(text(of: config).utf8))
    return object as? [String: Any] ?? [:]
  }

  /// What makes a run of a configuration one epoch of 64 rows in every stage.
  static func shortening(_ config: String) -> [String] {
    let object = object(of: config)
    let splits = (object["data"] as? [String: Any] ?? [:]).filter { $0.value is [String: Any] }
    let training = object["training"] as? [String: Any] ?? [:]
    let stages = (training["stages"] as? [Any])?.indices.map { "training.stages[\($0)]" }
    let settings =
      splits.keys.sorted().map { "data.\($0).slice=[0,64]" }
      + (stages ?? ["training"]).map { "\($0).epochs=1" }
    return settings.flatMap { ["--set", $0] }
  }

  /// The configurations whose runs a configuration begins with.
  static func prerequisites(of config: String) throws -> [(name: String, config: String)] {
    let runs = text(of: config).matches(of: /\$\{env:DLCLI_RUNS:-[^}]*\}\/([^\/"]+)\//)
    return try Set(runs.map { String($0.output.1) }).sorted().map { name in
      (name, try #require(trained.first { object(of: $0)["name"] as? String == name }))
    }
  }

  /// The data files that a configuration names and that are not there.
  private static func missingFiles(of config: String) -> [String] {
    let file = Dlcli.root.appendingPathComponent(config)
    let splits = (object(of: config)["data"] as? [String: Any] ?? [:]).values.compactMap {
      $0 as? [String: Any]
    }
    return splits.flatMap(\.values)
      .flatMap { $0 as? [String] ?? [$0 as? String].compactMap(\.self) }
      .filter { $0.contains("/") }
      .map {
        // The variable, or what stands for it where it is not set.
        $0.replacing(/\$\{env:DLCLI_DATA:-([^}]*)\}/) {
          environment["DLCLI_DATA"] ?? String($0.output.1)
        }
      }
      .filter { path in
        let place = URL(fileURLWithPath: path, relativeTo: file)
        return !FileManager.default.fileExists(atPath: place.path)
      }
  }
}
