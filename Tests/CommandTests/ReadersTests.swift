import Foundation
import Testing

/// The Python that scripts/test makes, with the packages of scripts/requirements.txt.
private enum Python {
  static let program = Dlcli.root.appendingPathComponent(".build/python/bin/python")
  static var present: Bool { FileManager.default.isExecutableFile(atPath: program.path) }
}

/// What dlcli writes, read by the programs it is written for; skipped without their packages.
@Suite(.enabled(if: Python.present, "no .build/python; scripts/test makes it"))
struct ReadersTests {
  private func run(_ script: String, _ arguments: [String]) throws -> Dlcli.Result {
    try Dlcli.run(Python.program, ["-c", script] + arguments)
  }

  @Test("safetensors and EventAccumulator read a run") func reads() throws {
    let folder = try TemporaryFolder()
    let trained = try Dlcli.run([
      "train", "configs/digits-convnet.json", "--output", folder.path("run"),
      "--set", "training.epochs=2",
    ])
    #expect(trained.status == 0, "\(trained.stderr)")
    let result = try run(
      """
      import json, sys
      import numpy
      from safetensors import safe_open
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      run = sys.argv[1]
      with safe_open(run + "/checkpoints/last.safetensors", "np") as file:
          assert file.metadata()
          tensors = {name: file.get_tensor(name) for name in file.keys()}
      assert any(t.shape and t.shape[-1] == 10 or 10 in t.shape for t in tensors.values()), tensors.keys()
      assert all(numpy.isfinite(t).all() for t in tensors.values() if t.dtype.kind == "f")
      events = EventAccumulator(run)
      events.Reload()
      logged = [json.loads(line) for line in open(run + "/metrics.jsonl")]
      seen = {(e.step, numpy.float32(e.value)) for tag in events.Tags()["scalars"] for e in events.Scalars(tag)}
      for line in logged:
          assert (line["step"], numpy.float32(line["loss"])) in seen, (line, sorted(seen))
      """, [folder.path("run")])
    #expect(result.status == 0, "\(result.stderr)")
  }

  @Test("TensorBoard shows no step twice after a run went on from an older checkpoint")
  func resumedEvents() throws {
    let folder = try TemporaryFolder()
    let train = [
      "train", "configs/digits-convnet.json", "--output", folder.path("run"), "--set",
      "training.epochs=3", "--set", "training.checkpoint.every_steps=38", "--set",
      "training.checkpoint.keep_all=true",
    ]
    #expect(try Dlcli.run(train).status == 0)
    // As if it had been killed after what it logged and before it wrote its next checkpoint.
    let checkpoints = folder.url.appendingPathComponent("run/checkpoints")
    let last = checkpoints.appendingPathComponent("last.safetensors")
    try FileManager.default.removeItem(at: last)
    try FileManager.default.copyItem(
      at: checkpoints.appendingPathComponent("step-38.safetensors"), to: last)
    let resumed = try Dlcli.run(train + ["--resume"])
    #expect(resumed.status == 0, "\(resumed.stderr)")
    #expect(resumed.stderr.contains("continuing at step 38"))
    let result = try run(
      """
      import sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      events = EventAccumulator(sys.argv[1])
      events.Reload()
      for tag, steps in [("validation/loss", [38, 76, 114]), ("train/loss", [38, 76, 114]), ("batch/loss", [50, 100])]:
          found = [e.step for e in events.Scalars(tag)]
          assert found == steps, (tag, found)
      """, [folder.path("run")])
    #expect(result.status == 0, "\(result.stderr)")
  }

  @Test(
    "The schemas take every configuration and refuse a misspelt key",
    arguments: ["train", "model"]) func schemas(_ subject: String) throws
  {
    let folder = try TemporaryFolder()
    let schema = try Dlcli.run(["schema", subject])
    #expect(schema.status == 0)
    let files = Configs.all.filter { $0.contains("/models/") == (subject == "model") }
    #expect(files.count >= 4)
    let result = try run(
      """
      import json, sys
      from jsonschema import Draft7Validator
      schema = json.load(open(sys.argv[1]))
      Draft7Validator.check_schema(schema)
      validator = Draft7Validator(schema)
      for path in sys.argv[2:]:
          good = json.load(open(path))
          for error in validator.iter_errors(good):
              sys.exit(f"{path}: {list(error.absolute_path)}: {error.message}")
          assert not validator.is_valid({**good, "trainning": {}}), path
      """, [try folder.write("schema.json", schema.stdout)] + files)
    #expect(result.status == 0, "\(result.stderr)")
  }
}
