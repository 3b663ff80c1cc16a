import Settings
import Testing
import Training

@Suite struct InitializationTests {
  /// What a checkpoint carries means the same file from any folder, also where a stage says it.
  @Test func theDocumentHasAbsolutePaths() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "config.json",
      """
      {"model": {"inputs": {"x": [2]}, "layers": [{"type": "dense", "units": 1}]},
       "training": {"batch_size": 1, "optimizer": "adam",
         "loss": {"type": "mean_squared_error", "target": "y"},
         "initialize": {"checkpoint": "all.safetensors"},
         "stages": [{"initialize": {"checkpoint": "../one.safetensors", "parameters": ["dense*"]}},
                    {"initialize": {"checkpoint": "/elsewhere/two.safetensors"}}, {}]}}
      """)
    let training = try #require(
      try Experiment.load(path, environment: [:]).document["training"])
    func checkpoint(_ json: JSON?) -> String? { json?["initialize"]?["checkpoint"]?.string }
    #expect(checkpoint(training) == folder.path + "/all.safetensors")
    let stages = try #require(training["stages"]?.elements)
    #expect(checkpoint(stages[0]) == folder.path + "/../one.safetensors")
    #expect(stages[0]["initialize"]?["parameters"] == ["dense*"])
    #expect(checkpoint(stages[1]) == "/elsewhere/two.safetensors")
    #expect(stages[2] == [:])
  }
}
