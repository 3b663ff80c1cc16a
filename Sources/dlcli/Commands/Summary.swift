import ArgumentParser
import Formats
import Foundation
import Settings
import Training

/// `dlcli summary`: what a model is made of; data are read only where its networks do not tell what a row holds.
struct Summary: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    abstract: "Show the layers, parameters, work and memory of a model.")

  @Argument(help: "A model or a configuration.", completion: .file(extensions: ["json"]))
  var file: String

  @Flag(help: "Print JSON for other programs.")
  var json = false

  @Flag(help: "Print the plan: every step, what it reads and writes, and where that lies.")
  var plan = false

  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let experiment = try Experiment.loadModelOrConfiguration(
      file, overrides: configuration.overrides,
      environment: ProcessInfo.processInfo.environment)
    let networks = try experiment.networkSummaries()
    let memory = experiment.stages.isEmpty ? nil : try MemorySummary.ofDataIfNeeded(experiment)
    if plan {
      let plans = try memory?.plans ?? experiment.networkPlans()
      for (name, plan) in plans {
        try StandardOutput.print(name)
        try StandardOutput.print(plan.text)
      }
    } else if json {
      try StandardOutput.print(SummaryText.json(networks, memory).text(indented: true))
    } else {
      try StandardOutput.print(
        SummaryText.text(networks, memory, width: Terminal.outputWidth), terminator: "")
    }
  }
}
