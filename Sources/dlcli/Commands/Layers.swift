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
      let columns = Terminal.outputWidth
      for chapter in manual {
        try lines.write("\(chapter.title)\n")
        let width = chapter.pages.map(\.type.count).max() ?? 0
        for page in chapter.pages {
          let padding = String(repeating: " ", count: width - page.type.count)
          // Under the name where there is no room for a summary beside it.
          let isNarrow = columns.map { $0 < width + 30 } ?? false
          let line =
            isNarrow
            ? "  \(page.type)\n      \(page.summary)" : "  \(page.type)\(padding)  \(page.summary)"
          let hanging = isNarrow ? 0 : width + 2
          try lines.write(WrappedText.text(line, width: columns, hanging: hanging) + "\n")
        }
        try lines.write("\n")
      }
      try lines.write(
        WrappedText.text("dlcli layers NAME shows a page of the manual.\n", width: columns))
      return try lines.flush()
    }
    let pages = manual.flatMap { chapter in chapter.pages.filter { $0.type == name } }
    guard !pages.isEmpty else {
      let known = manual.flatMap { $0.pages.map(\.type) }
      throw Failure(64, "the manual has no page \"\(name)\"" + suggestion(for: name, among: known))
    }
    try StandardOutput.print(
      WrappedText.text(pages.map(\.text).joined(separator: "\n"), width: Terminal.outputWidth),
      terminator: "")
  }
}
