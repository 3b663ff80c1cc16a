import Settings
import Testing

@testable import Training

@Suite struct ScheduleTests {
  /// PyTorch: scripts/reference/make_schedule_references.py.
  @Test func everyRateIsThatOfPyTorch() throws {
    let reference = try Reference("schedules.json")
    for item in try reference["cases"].elements {
      let schedule = try read(scheduleRegistry, item["schedule"].json)
      let expected = try item["values"].numbers
      #expect(expected.count == 40)
      for (step, wanted) in expected.enumerated() {
        let value = schedule.value(at: clock(step), Plateau())
        #expect(
          abs(value - wanted) <= 1e-12, "\(schedule.typedJSON.text()), step \(step): \(value)")
      }
    }
  }

  /// With PyTorch's patience one less than ours, which is Keras's.
  @Test func plateausAreThoseOfPyTorch() throws {
    let reference = try Reference("schedules.json")
    let results = try reference["results"].numbers
    for item in try reference["plateaus"].elements {
      var running = RunningSchedule(
        ScheduledNumber(try read(scheduleRegistry, item["schedule"].json)))
      for (result, wanted) in zip(results, try item["values"].numbers) {
        running.observe(["loss": result, "other": 0])
        #expect(abs(running.value(at: clock(0)) - wanted) <= 1e-12, "after \(result)")
        // A checkpoint between any two results changes nothing.
        var problems = Problems()
        running.plateau = try #require(Plateau.read(running.plateau.json, at: "", &problems))
      }
      #expect(running.plateau.falls > 1)
    }
  }

  private func clock(_ step: Int) -> TrainingClock {
    TrainingClock(step: step, stepsPerEpoch: 10, totalSteps: 40)
  }

  private func values(_ text: String, _ steps: [Int]) throws -> [Double] {
    let schedule = try read(scheduleRegistry, text)
    return steps.map { schedule.value(at: clock($0), Plateau()) }
  }

  /// PyTorch 2: OneCycleLR(max_lr=0.5, total_steps=length, anneal_strategy="linear", div_factor=25,
  /// final_div_factor=1e4), whose first phase ends at step pct_start total_steps - 1, be that before step 0.
  @Test(arguments: [
    // The peak lies a tenth of a step before the first one, of 2.1 steps down.
    (3, 0.3, [0.5 - (0.5 - 2e-6) * 0.1 / 2.1, 0.5 - (0.5 - 2e-6) * 1.1 / 2.1, 2e-6, 2e-6]),
    (2, 0.25, [0.5 - (0.5 - 2e-6) * 0.5 / 1.5, 2e-6, 2e-6, 2e-6]),
    (1, 0.3, [2e-6, 2e-6, 2e-6, 2e-6]),
    // At the first one.
    (4, 0.25, [0.5, 0.5 - (0.5 - 2e-6) / 3, 0.5 - (0.5 - 2e-6) * 2 / 3, 2e-6]),
  ])
  func aPeakMayLieBeforeTheFirstStep(length: Int, rise: Double, expected: [Double]) throws {
    let found = try values(
      "{\"type\": \"one_cycle\", \"peak\": 0.5, \"rise\": \(rise), \"length\": \(length), \"curve\": \"linear\"}",
      [0, 1, 2, 3])
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-12) }
  }

  @Test func turnsAreCountedAsFarAsNumbersGo() {
    let clock = TrainingClock(step: 3, stepsPerEpoch: 10, totalSteps: 40)
    #expect(
      clock.turn(1, of: 2) == TrainingClock(step: 7, stepsPerEpoch: 20, totalSteps: 80))
    let far = TrainingClock(step: 3, stepsPerEpoch: 10, totalSteps: .max).turn(4, of: 1 << 53)
    #expect(far.totalSteps == .max && far.stepsPerEpoch == 10 << 53 && far.step == 3 << 53 + 4)
  }

  @Test func warmUpClimbsFromWhereItIsTold() throws {
    let text = #"{"type": "constant", "initial": 1, "warmup": 4, "warmup_from": 0.5}"#
    #expect(try values(text, [0, 1, 3, 4]) == [0.625, 0.75, 1, 1])
  }

  @Test func milestonesCountFromTheStartAndDecaysFromTheEndOfWarmUp() throws {
    let steps = #"{"type": "step", "initial": 1, "every": 10, "factor": 0.5, "warmup": 5}"#
    #expect(try values(steps, [5, 9, 10, 20]) == [1, 1, 0.5, 0.25])
    let line = #"{"type": "polynomial", "initial": 1, "length": 10, "warmup": 5}"#
    #expect(try values(line, [5, 10, 15, 39]) == [1, 0.5, 0, 0])
  }

  @Test func aPolynomialRises() throws {
    let text = #"{"type": "polynomial", "initial": 0, "final": 1, "length": "2 epochs"}"#
    #expect(try values(text, [0, 5, 20, 30]) == [0, 0.25, 1, 1])
  }

  @Test func restartsMultiplyLengthAndPeak() throws {
    let text = """
      {"type": "cosine", "initial": 1, "length": 4, "restarts": true, "t_mul": 3, "m_mul": 0.5}
      """
    let found = try values(text, [0, 2, 4, 10, 16])
    for (value, wanted) in zip(found, [1, 0.5, 0.5, 0.25, 0.25]) {
      #expect(abs(value - wanted) < 1e-12)
    }
  }

  @Test func exponentialStopsFalling() throws {
    let text = #"{"type": "exponential", "initial": 1, "factor": 0.25, "every": 2, "final": 0.1}"#
    #expect(try values(text, [0, 1, 2, 9]) == [1, 0.5, 0.25, 0.1])
  }

  @Test func lengthsHaveUnits() throws {
    let wanted: KeyValuePairs = [
      "7": 7, "\"7 steps\"": 7, "\"1 step\"": 1, "\"2.5 epochs\"": 25, "\"1 epoch\"": 10,
      "\"10%\"": 4, "\"0 steps\"": 0,
    ]
    for (text, steps) in wanted {
      let span = try readSpan(text)
      #expect(span.steps(in: clock(0)) == steps, "\(text)")
      #expect(try readSpan(span.json.text()) == span)
    }
    let wrong = [
      "-1", "1.5", "\"1.5 steps\"", "\"5\"", "\"five epochs\"", "\"-1 epochs\"", "\"1  epochs\"",
      "\"1e3 steps\"", "\"%\"", "\"5 %\"", "\"0x10 steps\"", "\"5 years\"", "[]", "null", "\"\"",
      "\"nan epochs\"", "\"1.2.3 epochs\"",
    ]
    for text in wrong {
      #expect(throws: Problems.self, "\(text)") { try readSpan(text) }
    }
    let vast = try readSpan("\"" + String(repeating: "9", count: 300) + " epochs\"")
    #expect(vast.steps(in: clock(0)) == 1 << 53)
  }

  private func readSpan(_ text: String) throws -> Span {
    var problems = Problems()
    let span = Span.read(
      try JSONParser.parse(Array(text.utf8), file: "test.json"), at: "warmup", &problems)
    try problems.throwIfAny()
    return try #require(span)
  }

  @Test func aNumberIsAConstant() throws {
    var problems = Problems()
    let number = try #require(ScheduledNumber.read(0.25, at: "", &problems))
    #expect(RunningSchedule(number).value(at: clock(3)) == 0.25)
    #expect(number.json == 0.25)
    let warmed = try read(scheduleRegistry, #"{"type": "constant", "initial": 1, "warmup": 2}"#)
    #expect(ScheduledNumber(warmed).json["warmup"] == 2)
  }

  @Test func settingsAreCheckedAndReadBack() throws {
    #expect(scheduleRegistry.types == scheduleRegistry.types.sorted())
    for item in try Reference("schedules.json")["cases"].elements {
      let schedule = try read(scheduleRegistry, item["schedule"].json)
      #expect(try read(scheduleRegistry, schedule.typedJSON).typedJSON == schedule.typedJSON)
    }
    for (text, part) in [
      (#"{"type": "cosine", "initial": 1, "restarts": true}"#, "need a \"length\""),
      (#"{"type": "cosine", "initial": 1, "t_mul": 2}"#, "\"restarts\": true"),
      (#"{"type": "cosine"}"#, "\"initial\" is missing"),
      (#"{"type": "step", "initial": 1, "every": 0}"#, "longer than 0"),
      (#"{"type": "multi_step", "initial": 1, "milestones": []}"#, "at least one"),
      (#"{"type": "on_plateau", "initial": 1, "metric": "happiness"}"#, "\"mode\""),
      (#"{"type": "cosin", "initial": 1}"#, "did you mean \"cosine\"?"),
    ] {
      #expect { try read(scheduleRegistry, text) } throws: { "\($0)".contains(part) }
    }
  }

  /// Keras: `wait += 1; if wait >= patience`, so that 0 and 1 both fall at the first result that is not better.
  @Test(arguments: [(0, 1), (1, 1), (2, 2), (3, 3)])
  func aPlateauFallsAtAsManyResultsAsItsPatience(_ patience: Int, _ wanted: Int) throws {
    let text = #"{"type": "on_plateau", "initial": 1, "patience": \#(patience)}"#
    var running = RunningSchedule(ScheduledNumber(try read(scheduleRegistry, text)))
    var results = 0
    running.observe(["loss": 1])
    while running.plateau.falls == 0, results < 9 {
      running.observe(["loss": 1])
      results += 1
    }
    #expect(results == wanted)
  }

  @Test func whatIsNotANumberIsNeverBetter() {
    var plateau = Plateau()
    let results = [(Double.nan, false), (2, true), (.nan, false), (1.95, false), (1.8, true)]
    for (result, isBetter) in results {
      let found = plateau.observe(result, .lower, minimumDelta: 0.1)
      #expect(found == isBetter, "\(result)")
    }
    #expect(plateau.best == 1.8)
    #expect(plateau.waiting == 0)
  }
}
