import ArgumentParser

/// How pictures are shown.
struct PictureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How many pictures stand below and beside each other.", valueName: "RxC"))
  var grid: GridSize?

  @Option(
    help: ArgumentHelp(
      "The numbers that are shown as black and white; by default what the data's transforms make of the bytes 0 and 255.",
      valueName: "black,white"))
  var range: NumberRange?
}

/// How many rows and columns: `8x10`.
struct GridSize: ExpressibleByArgument {
  let rows: Int
  let columns: Int

  init(rows: Int, columns: Int) { (self.rows, self.columns) = (rows, columns) }

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let rows = Int(parts[0]), let columns = Int(parts[1]),
      (1...1000).contains(rows), (1...1000).contains(columns)
    else { return nil }
    self.init(rows: rows, columns: columns)
  }

  var count: Int { rows * columns }
}

/// Two numbers, the first below the second: `-1,1`.
struct NumberRange: ExpressibleByArgument {
  let values: ClosedRange<Float>

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      Float($0) ?? .nan
    }
    guard parts.count == 2, parts[0] < parts[1], (parts[1] - parts[0]).isFinite else { return nil }
    values = parts[0]...parts[1]
  }
}
