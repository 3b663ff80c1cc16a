public import Settings

extension JSON {
  /// This value with another laid over it.
  ///
  /// Objects are merged key by key, at any depth; lists and everything else are replaced. Two objects whose `type`
  /// differs describe different things, whose keys do not mix: the upper one replaces the lower.
  public func merging(_ upper: JSON) -> JSON {
    guard let below = members, let above = upper.members else { return upper }
    if let kind = self["type"], let upperKind = upper["type"], kind != upperKind { return upper }
    var merged = below
    var positions: [String: Int] = [:]
    for (position, member) in below.enumerated() { positions[member.key] = position }
    for member in above {
      if let position = positions[member.key] {
        let value = merged[position].value.merging(member.value)
        merged[position] = Member(member.key, value, at: member.place)
      } else {
        positions[member.key] = merged.count
        merged.append(member)
      }
    }
    return JSON(.object(merged), at: upper.place)
  }

  /// The value without some of its keys.
  public func without(_ keys: String...) -> JSON {
    guard let members else { return self }
    return JSON(.object(members.filter { !keys.contains($0.key) }), at: place)
  }

  /// The value without the keys that say null, which is how a file takes away what it inherits; objects in it alike.
  ///
  /// Lists stay as they are, for they are inherited as a whole, and so do the parameters of blocks, of which null says
  /// that each use must give one.
  public func withoutNulls() -> JSON {
    guard let members else { return self }
    let kept = members.filter { $0.value.content != .null }.map { member in
      var member = member
      if member.key != "parameters" { member.value = member.value.withoutNulls() }
      return member
    }
    return JSON(.object(kept), at: place)
  }

  /// The value with some of its keys alone; what is no object stays as it is.
  public func only(_ keys: [String]) -> JSON {
    guard let members else { return self }
    return JSON(.object(members.filter { keys.contains($0.key) }), at: place)
  }

  /// How much memory and time the value asks for, roughly its length as text.
  var weight: Int {
    switch content {
    case .null, .boolean, .integer, .number: 8
    case .string(let text): 8 + text.utf8.count
    case .array(let elements): elements.reduce(8) { $0 + $1.weight }
    case .object(let members): members.reduce(8) { $0 + $1.key.utf8.count + $1.value.weight }
    }
  }

  /// How many brackets stand within each other.
  var depth: Int {
    switch content {
    case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
    case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
    default: 0
    }
  }
}
