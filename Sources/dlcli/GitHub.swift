import Foundation
import Settings
import Training

/// What GitHub Actions reads of a command, where it runs one.
///
/// Format: docs.github.com, "Workflow commands for GitHub Actions".
enum GitHub {
  /// `::error file=config.json,line=12,col=9::unknown key`: shown beside the line of the file.
  static func annotation(_ problem: Problem) -> String {
    let text = Problem(problem.message, path: problem.path).description
    // What stands on the command line is in no file.
    guard let place = problem.place, place.file != "--set" else {
      return "::error::\(escaped(problem.description))"
    }
    return "::error file=\(escaped(place.file, isProperty: true)),line=\(place.line),"
      + "col=\(place.column)::\(escaped(text))"
  }

  /// Appends to the page that GitHub shows of the step; a page that cannot be written is no reason to fail.
  static func append(_ markdown: String) {
    let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"] ?? ""
    guard Terminal.current().isGitHub, !path.isEmpty else { return }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try? file.write(contentsOf: Data((markdown + "\n").utf8))
  }

  private static func escaped(_ text: String, isProperty: Bool = false) -> String {
    let pairs = [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")]
    return (pairs + (isProperty ? [(":", "%3A"), (",", "%2C")] : [])).reduce(text) {
      $0.replacing($1.0, with: $1.1)
    }
  }
}
