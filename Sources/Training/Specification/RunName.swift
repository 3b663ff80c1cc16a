import Settings

extension Bounds where Value == String {
  /// What a run may be called. Its folder is named after it, which must not lead out of the folder of all runs.
  static var runName: Bounds {
    Bounds(
      "names of folders with \"/\" between them, none of them empty, \".\" or \"..\"",
      schema: [.init("minLength", 1)]
    ) { name in
      name.split(separator: "/", omittingEmptySubsequences: false)
        .allSatisfy { !["", ".", ".."].contains($0) }
        && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
  }
}
