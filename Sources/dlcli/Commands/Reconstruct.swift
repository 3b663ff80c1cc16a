import ArgumentParser
import Formats
import Foundation
import Training

/// `dlcli reconstruct`: rows beside what a checkpoint makes of them.
struct Reconstruct: ParsableCommand, Coloring, Computing {
  static let configuration = CommandConfiguration(
    abstract: "Show pictures above their reconstructions, and print each one's error.",
    discussion: """
      Prints a line of JSON for each row: "squared_error", summed over the row, and "psnr" in decibels, the difference of white \
      and black being the peak. What is held against a row is what a loss compares it with, unless --network or --layer says \
      otherwise.
      """)

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var value: ValueOptions
  @OptionGroup var picture: PictureOptions

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "A PNG file for the pictures of the first rows, each above its reconstruction; above both what that was made of, where it is another field.",
      valueName: "file"), completion: .file(extensions: ["png"]))
  var file: String?

  @Flag(help: "Say nothing but what is wrong: not the means either, on standard error.")
  var quiet = false

  @OptionGroup var computing: ComputingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let file, !file.hasSuffix(".png") {
      throw ValidationError("--output ends in .png, got \"\(file)\"")
    }
  }

  func run() throws {
    if let file { try OutputPath.check(file, isNoneOf: [checkpoint.file, rows.input]) }
    let reconstruction = try Reconstruction(
      try checkpoint.loadModel(), value.choice, rows: rows.source, range: picture.range?.values,
      threads: computing.threads)
    if !quiet { Notes.tell(reconstruction.notes) }
    let grid = picture.grid ?? GridSize(rows: 2, columns: 10)
    var lines = StandardOutput()
    try reconstruction.forEachRow(keeping: file == nil ? 0 : grid.count) {
      try lines.write($0.text() + "\n")
    }
    try lines.flush()
    if let file {
      try PNGFile.write(file, try reconstruction.picture(columns: grid.columns))
    }
    if !quiet {
      let means = reconstruction.means
      let text =
        "means of \(means.rows) rows: squared_error \(ResultText.short(means.squaredError)) "
        + "psnr \(ResultText.short(means.psnr))\n"
      StandardError.write(text)
    }
  }
}
