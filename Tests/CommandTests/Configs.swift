import Foundation

/// The configurations that come with dlcli.
enum Configs {
  /// Those of a folder, without those of the folders in it.
  static func inFolder(_ folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: Dlcli.root.appendingPathComponent(folder).path)
    return (names ?? []).filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
  }

  /// Every JSON file under `configs`, however deep.
  static let all: [String] = {
    let names = FileManager.default.enumerator(
      atPath: Dlcli.root.appendingPathComponent("configs").path)
    return (names ?? .init()).compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }
      .sorted().map { "configs/\($0)" }
  }()

  /// What of the environment says where data are.
  static let environment = ProcessInfo.processInfo.environment.filter { $0.key == "DLCLI_DATA" }

  /// Those that train on data.
  static let trained = all.filter {
    !$0.hasPrefix("configs/bench/") && !$0.hasPrefix("configs/models/")
  }
  static let withData = trained.filter { missingFiles(of: $0).isEmpty }
  static let withoutData = trained.filter { !missingFiles(of: $0).isEmpty }

  /// The data files that a configuration names and that are not there.
  private static func missingFiles(of config: String) -> [String] {
    let file = Dlcli.root.appendingPathComponent(config)
    guard let bytes = try? Data(contentsOf: file),
      let object = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any]
    else { return [] }
    let splits = (object["data"] as? [String: Any] ?? [:]).values.compactMap {
      $0 as? [String: Any]
    }
    return splits.flatMap { $0.values.compactMap { $0 as? String } }.filter { $0.contains("/") }
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
