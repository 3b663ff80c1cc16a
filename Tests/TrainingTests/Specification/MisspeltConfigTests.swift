import Datasets
import Foundation
import ModelSpec
import Settings
import Testing

@testable import Training

/// The configurations that come with dlcli, each with one setting that does not fit its data, its layers or its names.
@Suite struct MisspeltConfigTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let environment = ProcessInfo.processInfo.environment.filter {
    $0.key == "DLCLI_DATA"
  }

  /// Those whose data are there, by their paths.
  static let configs: [String] = {
    let folder = root.appending(path: "configs")
    let names = FileManager.default.enumerator(atPath: folder.path)
    return (names ?? .init()).compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }.sorted()
      .filter { name in
        guard
          let experiment = try? Experiment.load(
            folder.appending(path: name).path, environment: environment),
          let data = experiment.data, !experiment.stages.isEmpty
        else { return false }
        return Split.allCases.compactMap { data[$0] }.flatMap(\.reader.paths).allSatisfy {
          FileManager.default.isReadableFile(atPath: $0.resolved)
        }
      }
  }()

  /// One thing that `--set` changes.
  struct Change: CustomStringConvertible {
    let path: String
    let value: String
    var description: String { "\(path)=\(value)" }
    /// Whether data must be read anew.
    var isOfData: Bool { path.hasPrefix("data.") }
  }

  /// Texts that may be anything: names and what people read, and tokens that are made and not looked for.
  private static let free: Set<String> = [
    "name", "description", "unit", "unknown", "padding", "start", "end", "separator", "words",
  ]

  /// Numbers that follow from the data: one more of them does not fit.
  private static let counted: Set<String> = ["input_dim", "length", "horizon"]

  /// Every text misspelt, and every number that follows from the data made another.
  static func changes(of json: JSON, at path: String = "", key: String = "") -> [Change] {
    switch json.content {
    case .object(let members):
      return members.flatMap { member in
        let below = path.isEmpty ? member.key : "\(path).\(member.key)"
        if path.isEmpty, !["data", "model", "training"].contains(member.key) { return [Change]() }
        return changes(of: member.value, at: below, key: member.key)
      }
    case .array(let elements):
      return elements.enumerated().flatMap { changes(of: $1, at: "\(path)[\($0)]", key: key) }
    case .string(let text):
      // Whose features a distance is of is for people.
      let isFree = free.contains(key) || key == "features" && path.hasPrefix("training.")
      return isFree ? [] : [Change(path: path, value: "\"\(text)x\"")]
    case .integer(let number) where path.contains(".inputs.") && path.hasPrefix("model."):
      // Convolutions take pictures of any size.
      return path.hasSuffix("[0]") || path.hasSuffix("[1]")
        ? [] : [Change(path: path, value: "\(number + 1)")]
    case .integer(let number) where counted.contains(key):
      return [Change(path: path, value: "\(number - 1)")]
    case .integer where ["slice", "rows", "label_column", "column"].contains(key):
      return path.hasSuffix("[0]") ? [] : [Change(path: path, value: "1000000007")]
    default:
      return []
    }
  }

  /// The changes to try on a configuration: one for each setting of a kind that no earlier one has, where settings of
  /// readers of different types are of different kinds.
  static let changes: [String: [Change]] = {
    var seen: Set<String> = []
    var changes: [String: [Change]] = [:]
    for name in configs {
      let path = root.appending(path: "configs/\(name)").path
      guard let experiment = try? Experiment.load(path, environment: environment) else { continue }
      let missing = experiment.stages.compactMap(\.settings.initialize?.checkpoint).contains {
        !FileManager.default.isReadableFile(atPath: $0.resolved)
      }
      changes[name] = Self.changes(of: experiment.document).filter { change in
        // What is taken from a run that is not there nobody can know.
        guard !missing || !change.path.contains("initialize.rename") else { return false }
        // Networks and objectives have names of their own.
        let kind = change.path.replacing(/\[\d+\]/, with: "")
          .replacing(/^model\.networks\.[^.]+/, with: "model")
        let reader = change.isOfData ? experiment.data?.train.map { type(of: $0.reader).type } : nil
        return seen.insert("\(reader ?? "") \(kind)").inserted
      }
    }
    return changes
  }()

  /// What is said of a configuration before its first step, a line each and without places; empty where it is right.
  private func said(_ experiment: Experiment, _ data: OpenData) -> Set<String> {
    do {
      try Trainer(experiment, data: data, folder: nil, threads: 1).check()
      return []
    } catch {
      return lines(error)
    }
  }

  private func lines(_ error: any Error) -> Set<String> {
    guard let problems = error as? Problems else { return ["\(error)"] }
    return Set(problems.list.map { "\($0.path): \($0.message)" })
  }

  @Test("There is much to try") func count() {
    #expect(Self.changes.values.reduce(0) { $0 + $1.count } > 2 * Self.configs.count)
    #expect(Self.configs.contains("digits-convnet.json"))
  }

  @Test(
    "What does not fit is found before the first step",
    arguments: configs.filter { changes[$0]?.isEmpty == false })
  func mistakes(name: String) throws {
    let path = Self.root.appending(path: "configs/\(name)").path
    func load(_ overrides: [String] = []) throws -> Experiment {
      try Experiment.load(path, overrides: overrides, environment: Self.environment)
    }
    let good = try load()
    let splits = Set(Split.allCases)
    let data = try #require(good.data).open(splits, seed: good.seed)
    // Runs that others begin with need not be there.
    let known = said(good, data)
    for change in Self.changes[name] ?? [] {
      let found: Set<String>
      do {
        let wrong = try load([change.description])
        let wrongData =
          change.isOfData ? try wrong.data?.open(splits, seed: wrong.seed) ?? data : data
        found = said(wrong, wrongData)
      } catch {
        found = lines(error)
      }
      #expect(!found.subtracting(known).isEmpty, "\(name): \(change)")
    }
  }
}
