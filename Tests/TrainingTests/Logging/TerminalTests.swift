import Testing

@testable import Training

@Suite struct TerminalTests {
  private func colors(
    _ environment: [String: String], isTerminal: Bool, _ color: Terminal.ColorChoice = .auto
  ) -> Bool {
    Terminal(environment: environment, isTerminal: isTerminal, color: color).colors
  }

  @Test(arguments: [
    ([:], true, false), (["TERM": "dumb"], false, false), (["NO_COLOR": "1"], false, false),
    (["NO_COLOR": ""], true, false), (["CLICOLOR": "0"], false, false),
    (["CLICOLOR": "1"], true, false), (["FORCE_COLOR": "1"], true, true),
    (["FORCE_COLOR": "0"], true, false), (["CLICOLOR_FORCE": "1", "TERM": "dumb"], true, true),
    (["CLICOLOR_FORCE": "1", "CLICOLOR": "0"], true, true),
    (["NO_COLOR": "1", "FORCE_COLOR": "1"], false, false),
  ])
  func theEnvironmentDecidesOnColours(
    _ environment: [String: String], _ onTerminal: Bool, _ inFile: Bool
  ) {
    #expect(colors(environment, isTerminal: true) == onTerminal)
    #expect(colors(environment, isTerminal: false) == inFile)
  }

  @Test func theOptionIsAboveTheEnvironment() {
    #expect(colors(["NO_COLOR": "1", "TERM": "dumb"], isTerminal: false, .always))
    #expect(!colors(["FORCE_COLOR": "1"], isTerminal: true, .never))
  }

  @Test func theNarrowerOfTheWindowAndOfWhatIsAskedForCounts() {
    func width(_ window: Int?, _ columns: String?) -> Int {
      Terminal.width(window: window, asked: columns)
    }
    #expect(width(nil, nil) == 80)
    #expect(width(40, nil) == 40)
    #expect(width(100, "60") == 60)
    #expect(width(40, "60") == 40)
    #expect(width(nil, "60") == 60)
    for nonsense in ["", "0", "-3", "wide"] { #expect(width(50, nonsense) == 50) }
  }

  @Test(arguments: [
    ([:], true), (["TERM": "dumb"], false), (["CI": "true"], false), (["CI": "false"], true),
    (["CI": ""], true),
  ])
  func barsAreDrawnWhereSomebodyLooks(_ environment: [String: String], _ redraws: Bool) {
    #expect(Terminal(environment: environment, isTerminal: true).redraws == redraws)
    #expect(!Terminal(environment: environment, isTerminal: false).redraws)
  }
}
