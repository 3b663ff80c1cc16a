import GraphIR
import Layers
import Settings
import Testing

/// The shared suite: every sample of every layer goes through every check.
@Suite struct LayerSuiteTests {
  @Test(arguments: SampleCase.all) func settingsRoundTrip(_ sample: SampleCase) {
    #expect(Checks.roundTrip(sample) == [])
  }

  @Test(arguments: SampleCase.all) func shapesFollowTheBatch(_ sample: SampleCase) throws {
    expectNone(try Checks.batches(sample))
  }

  @Test(arguments: SampleCase.all) func wholeNumbersStayBelowWhatIsDeclared(
    _ sample: SampleCase
  ) throws {
    expectNone(try Checks.integers(sample))
  }

  @Test(arguments: SampleCase.all) func hostileShapesDoNotTrap(_ sample: SampleCase) {
    Checks.hostility(sample)
  }

  @Test(arguments: SampleCase.all) func gradientsAreThoseOfDifferences(_ sample: SampleCase) throws
  {
    expectNone(try Checks.gradients(sample))
  }

  @Test(arguments: SampleCase.all) func gradientsAccumulate(_ sample: SampleCase) throws {
    expectNone(try Checks.accumulation(sample))
  }

  @Test(arguments: SampleCase.all) func gradientsMayComeByRows(_ sample: SampleCase) throws {
    expectNone(try Checks.rows(sample))
  }

  @Test(arguments: SampleCase.all) func omittedGradientsChangeNoOther(_ sample: SampleCase) throws {
    expectNone(try Checks.omission(sample))
  }

  @Test(arguments: SampleCase.all) func inputsMayBeOneValue(_ sample: SampleCase) throws {
    expectNone(try Checks.sharedInputs(sample))
  }

  @Test(arguments: SampleCase.all) func inPlaceGivesTheSame(_ sample: SampleCase) throws {
    expectNone(try Checks.inPlace(sample))
  }

  @Test(arguments: SampleCase.all) func floatAgreesWithDouble(_ sample: SampleCase) throws {
    expectNone(try Checks.floatAgainstDouble(sample))
  }

  @Test(arguments: SampleCase.all) func threadsGiveTheSameBits(_ sample: SampleCase) throws {
    expectNone(try Checks.threads(sample))
  }

  /// Complaints stand in the report as values; those of an expression that may throw would not.
  private func expectNone(
    _ complaints: [String], at location: SourceLocation = #_sourceLocation
  ) {
    #expect(complaints == [], sourceLocation: location)
  }
}
