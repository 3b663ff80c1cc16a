import ArgumentParser
import Datasets
import Formats
import Foundation
import Kernels
import ModelSpec
import Settings
import Training

/// Why a command failed, with the exit code that scripts go by (sysexits.h, and 1 and 3 of our own).
struct Failure: Error {
  let code: Int32
  /// For people, on standard error; nil where all is said already.
  let message: String?
  /// What is wrong in which file, for programs that show it there.
  private(set) var problems: [Problem] = []
  /// An error of the argument parser, which prints its own usage.
  private var usage: (any Error)?

  init(_ code: Int32, _ message: String?) {
    self.code = code
    self.message = message
  }

  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let problems as Problems:
      self.init(78, problems.description)
      self.problems = problems.list
    case let error as ConfigError:
      self.init(error.exitCode, error.description)
      problems = error.problems.list
    case let error as FormatError: self.init(error.kind.exitCode, error.description)
    case let error as DataError: self.init(65, "\(error)")
    case let error as MissingFiles:
      self.init(66, "\(error)")
      problems = error.problems.list
    case let failure as VectorLimit.Failure:
      if case .restart = failure {
        self.init(71, "\(failure)")
      } else {
        self.init(64, "\(failure)")
      }
    case let stop as TrainingStop:
      switch stop {
      case .interrupted(let step):
        self.init(75, "stopped after step \(step); --resume continues from there")
      case .nonFinite(let step, let value):
        self.init(
          3, "step \(step): \(value); a smaller learning rate or clip_norm often helps")
      }
    case let value as NonFiniteValue: self.init(3, "\(value)")
    default:
      self.init(70, "\(error)")
      usage = error
    }
  }

  /// The failure as a line for programs.
  private func json(_ message: String, _ code: Int32) -> String {
    let list = problems.prefix(Problems.shownAtMost).map { problem in
      var members: [JSON.Member] = []
      if let place = problem.place {
        members = [
          .init("file", place.file.json), .init("line", place.line.json),
          .init("column", place.column.json),
        ]
      }
      if !problem.path.isEmpty { members.append(.init("path", problem.path.json)) }
      return JSON(.object(members + [.init("message", problem.message.json)]))
    }
    let error: JSON = [
      "error": message.json, "code": Int(code).json, "problems": JSON(.array(Array(list))),
    ]
    return error.text() + "\n"
  }

  /// Prints the message, in bold red where there are colours or as a line of JSON, and ends the process.
  func exit(_ terminal: Terminal, asJSON: Bool) -> Never {
    if let usage {
      let code = Dlcli.exitCode(for: usage).rawValue
      guard asJSON, code != 0 else { Self.exit(byParser: usage) }
      StandardError.write(json(Dlcli.message(for: usage), code))
      Foundation.exit(code)
    }
    if asJSON {
      if let message { StandardError.write(json(message, code)) }
      Foundation.exit(code)
    }
    if let message {
      let mark = terminal.colors ? "\u{1B}[1;31merror:\u{1B}[0m" : "error:"
      let annotations =
        terminal.isGitHub
        ? problems.prefix(Problems.shownAtMost).map { GitHub.annotation($0) + "\n" } : []
      let text = "\(mark) \(message)\n" + annotations.joined()
      StandardError.write(text)
    }
    Foundation.exit(code)
  }

  /// What the argument parser has to say: help that was asked for is a result, all else an error.
  private static func exit(byParser error: any Error) -> Never {
    let (code, text) = (Dlcli.exitCode(for: error), Dlcli.fullMessage(for: error))
    guard code.isSuccess else {
      StandardError.write(text + "\n")
      Foundation.exit(code.rawValue)
    }
    do {
      try StandardOutput.print(text)
    } catch { Failure(error).exit(Terminal.current(), asJSON: false) }
    Foundation.exit(code.rawValue)
  }
}
