import ArgumentParser
import Formats

/// `dlcli completion`: what a shell completes the command line by.
struct Completion: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the script by which a shell completes dlcli's command lines.",
    discussion: """
      bash: dlcli completion bash > ~/.local/share/bash-completion/completions/dlcli
      zsh:  dlcli completion zsh > _dlcli, in a folder of $fpath
      fish: dlcli completion fish > ~/.config/fish/completions/dlcli.fish
      """)

  /// The shells that have one.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash
    case zsh
    case fish

    var script: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: Shell

  func run() throws { try StandardOutput.print(Dlcli.completionScript(for: shell.script)) }
}
