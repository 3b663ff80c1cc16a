/// One thing that is wrong in a file of settings.
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong: what was expected, what came, the nearest known name.
  public let message: String
  /// The path of keys to it, such as `model.layers[3].filters`; empty where no key is meant.
  public let path: String
  public let place: Place?

  public init(_ message: String, path: String = "", at place: Place? = nil) {
    self.message = message
    self.path = path
    self.place = place
  }

  /// `config.json:12:9: model.layers[3].filtres: unknown key (did you mean "filters"?)`
  public var description: String {
    [place?.description, path.isEmpty ? nil : path, message].compactMap(\.self)
      .joined(separator: ": ")
  }
}

/// Everything that is wrong in a file: readers go on after a mistake, so that all come at once.
public struct Problems: Error, Sendable, Equatable, CustomStringConvertible {
  public private(set) var list: [Problem] = []

  public init() {}

  public init(_ problem: Problem) { list = [problem] }

  public var isEmpty: Bool { list.isEmpty }

  public mutating func add(_ message: String, path: String = "", at place: Place? = nil) {
    list.append(Problem(message, path: path, at: place))
  }

  public mutating func add(_ others: Problems) { list += others.list }

  /// Reports that `json` is not what the key at `path` holds.
  public mutating func expected(_ expectation: String, got json: JSON, path: String) {
    add("expected \(expectation), got \(json.shown)", path: path, at: json.place)
  }

  /// Each problem once, for readers that come by the same place several times.
  public var unique: Problems {
    var seen: Set<Problem> = []
    var unique = Problems()
    unique.list = list.filter { seen.insert($0).inserted }
    return unique
  }

  /// Throws everything collected, if there is any.
  public func throwIfAny() throws(Problems) {
    if !isEmpty { throw self }
  }

  /// How many problems are shown: who has more begins with these.
  public static let shownAtMost = 100

  /// One problem a line, in the order of their places.
  public var description: String {
    let more = list.count - Self.shownAtMost
    return sorted.prefix(Self.shownAtMost).map(\.description).joined(separator: "\n")
      + (more > 0 ? "\n... and \(more) more" : "")
  }

  /// File after file, as they first come, each in the order of its lines.
  private var sorted: [Problem] {
    var ranks: [String?: Int] = [:]
    for problem in list where ranks[problem.place?.file] == nil {
      ranks[problem.place?.file] = ranks.count
    }
    func key(_ entry: (offset: Int, element: Problem)) -> (Int, Int, Int, Int) {
      let place = entry.element.place
      return (
        ranks[place?.file] ?? 0, place?.line ?? 0, place?.column ?? 0, entry.offset
      )
    }
    return list.enumerated().sorted { key($0) < key($1) }.map(\.element)
  }
}

/// `path` and one more key: `training.optimizer`.
public func path(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

/// `path` and the number of an element: `layers[3]`.
public func path(_ path: String, _ index: Int) -> String { "\(path)[\(index)]" }
