import Settings

extension Bounds where Value == [String] {
  /// Texts of which none is there twice: tokens, the names of classes. They differ by their code points.
  static func distinct() -> Bounds {
    Bounds("all different", schema: [.init("uniqueItems", JSON(.boolean(true)))]) {
      Set($0.map(ExactString.init)).count == $0.count
    }
  }
}
