import Testing

/// PyTorch in double precision, from the same weights on the same batches, with the workloads of configs/bench:
/// `scripts/reference/make_training_references.py`.
@Suite(.serialized) struct ParityTests {
  private static let workloads = [
    "bert-mini", "convnet", "dcgan28", "gpt-char", "gru-char", "lenet5", "lstm-char", "lstm-cls",
    "mlp", "resnet20", "transformer-mt", "unet-small", "vit-tiny-mnist", "yolo-tiny",
  ]

  @Test(arguments: workloads) func theLossesAreThoseOfPyTorch(name: String) throws {
    let reference = try Reference("parity.json")[name]
    let run = try ParityRun(
      name, rows: Int(reference["rows"].number), overrides: reference["overrides"].texts)
    let steps = try reference["steps"].elements
    #expect(steps.count >= 4)
    for (step, expected) in steps.enumerated() {
      let losses = try run.step()
      let references = try expected["losses"].numbers
      let tolerance = try expected["tolerance"].number
      #expect(losses.count == references.count)
      for (loss, reference) in zip(losses, references) {
        #expect(
          abs(loss - reference) <= tolerance * reference,
          "step \(step): \(loss), not \(reference) within \(tolerance)")
      }
    }
  }
}
