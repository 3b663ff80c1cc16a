import ArgumentParser
import Formats
import Settings
import Training

/// `dlcli layers`: the manual.
struct Layers: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    abstract: "Show the manual of layers, losses, optimizers, metrics, readers and transforms.")

  @Argument(help: "What to read about; without it, everything there is, a line each.")
  var name: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let manual = Manual.all
    guard let name else {
      var lines = StandardOutput()
      for chapter in manual {
        try lines.write("\(chapter.title)\n")
        let width = chapter.pages.map(\.type.count).max() ?? 0
        for page in chapter.pages {
          let padding = String(repeating: " ", count: width - page.type.count)
          try lines.write("  \(page.type)\(padding)  \(page.summary)\n")
        }
        try lines.write("\n")
      }
      try lines.write("dlcli layers NAME shows a page of the manual.\n")
      return try lines.flush()
    }
    let pages = manual.flatMap { chapter in chapter.pages.filter { $0.type == name } }
    guard !pages.isEmpty else {
      let known = manual.flatMap { $0.pages.map(\.type) }
      throw Failure(64, "the manual has no page \"\(name)\"" + suggestion(for: name, among: known))
    }
    try StandardOutput.print(pages.map(\.text).joined(separator: "\n"), terminator: "")
  }
}
