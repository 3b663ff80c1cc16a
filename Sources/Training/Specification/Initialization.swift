public import Settings

/// Parameters that begin as those of another checkpoint, or as vectors of words from a file.
///
/// Vectors are matched here and not in the embedding, for a layer knows no words: the vocabulary is the data's.
public struct Initialization: Configurable {
  public var checkpoint: FilePath?
  public var vectors: FilePath?
  public var vocabulary: String?
  public var parameters: [NamePattern]?
  public var rename: [String: String] = [:]

  public init() {}

  public static let fields: [Field<Initialization>] = [
    Field("checkpoint", \.checkpoint, "The file to take them from"),
    Field(
      "vectors", \.vectors,
      "Instead: a text of word vectors, as word2vec and GloVe write it, for the table of an embedding; words of "
        + "the vocabulary that it does not have begin as the initializer says"),
    Field(
      "vocabulary", \.vocabulary,
      "For vectors: the field of the data whose words the table is for; the only one with tokens where left out"
    ),
    Field(
      "parameters", \.parameters,
      "Which parameters of this model are taken; all of a checkpoint where left out"),
    Field("rename", \.rename, "Beginnings of names here, each with what they are in that file"),
  ]

  public var contradiction: String? {
    switch (checkpoint, vectors) {
    case (nil, nil): return "either \"checkpoint\" or \"vectors\" is needed"
    case (_?, _?): return "\"checkpoint\" and \"vectors\" cannot stand side by side"
    case (_?, nil): return vocabulary == nil ? nil : "\"vocabulary\" belongs to \"vectors\""
    case (nil, _?):
      if parameters == nil {
        return "\"vectors\" needs \"parameters\": the tables they are for, such as "
          + "[\"words/embeddings\"]"
      }
      return rename.isEmpty ? nil : "\"rename\" belongs to \"checkpoint\""
    }
  }

  /// Whether a parameter is one of those that are taken.
  func takes(_ name: String) -> Bool { parameters?.match(name) ?? true }

  /// The key `training` as a checkpoint carries it: with absolute paths, in itself and in its stages.
  static func anchored(_ training: JSON) -> JSON {
    guard let members = training.members else { return training }
    let changed = members.map { member -> JSON.Member in
      var member = member
      switch member.key {
      case "initialize":
        for key in ["checkpoint", "vectors"] {
          guard let path = member.value[key], let text = path.string else { continue }
          let file = FilePath(text, at: path.place).anchored
          member.value = member.value.merging(JSON(.object([.init(key, file.text.json)])))
        }
      case "stages":
        member.value.content = .array((member.value.elements ?? []).map(anchored))
      default: break
      }
      return member
    }
    return JSON(.object(changed), at: training.place)
  }
}
