import Settings

/// Puts the values of a block's parameters where `${name}` stands, and the results of sums such as `${4 * filters}`.
struct ParameterFilling {
  private let values: [String: (value: JSON, weight: Int)]
  private let owner: String
  /// How much more may be put in; below 0 where it was too much.
  private(set) var allowance: Int
  private(set) var problems = Problems()

  init(_ values: [String: JSON], owner: String, allowance: Int) {
    self.values = values.mapValues { ($0, $0.weight) }
    self.owner = owner
    self.allowance = allowance
  }

  mutating func fill(_ json: JSON, at path: String) -> JSON {
    switch json.content {
    case .array(let elements):
      var filled: [JSON] = []
      for (index, element) in elements.enumerated() {
        filled.append(fill(element, at: Settings.path(path, index)))
      }
      return JSON(.array(filled), at: json.place)
    case .object(let members):
      var filled: [JSON.Member] = []
      for member in members {
        let value = fill(member.value, at: Settings.path(path, member.key))
        filled.append(.init(member.key, value, at: member.place))
      }
      return JSON(.object(filled), at: json.place)
    default: break
    }
    var (left, found) = (allowance, problems)
    let filled = json.filling(holesOf: "", unescaping: [""], path: path, &found) {
      name, problems in
      guard let parameter = values[name] else {
        return other(than: name, at: path, json.place, &problems)
      }
      left -= parameter.weight
      return left < 0 ? nil : parameter.value
    }
    (allowance, problems) = (left, found)
    return filled ?? json
  }

  /// What a hole stands for that is no parameter: a sum, or a mistake.
  private func other(
    than name: String, at path: String, _ place: Place?, _ problems: inout Problems
  ) -> JSON? {
    guard Arithmetic.isSum(name) else {
      problems.add(
        "\(owner) has no parameter \"\(name)\""
          + suggestion(for: name, among: values.keys.sorted()),
        path: path, at: place)
      return nil
    }
    do {
      return JSON(.integer(try Arithmetic.result(of: name) { values[$0]?.value }), at: place)
    } catch {
      problems.add("\"\(Template.written(name))\": \(error.description)", path: path, at: place)
      return nil
    }
  }
}
