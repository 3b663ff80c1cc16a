import SamplePictures
import Testing

@testable import Formats

@Suite struct ImageFileTests {
  @Test func theFirstBytesTellTheFormat() throws {
    #expect(try ImageFile.decode(SampleImages.bitsPNG, file: "a.jpg").width == 4)
    #expect(try ImageFile.decode(GreyJPEG.plain, file: "a.png").width == 6)
    let error = try formatError { () throws(FormatError) in
      _ = try ImageFile.decode([0x47, 0x49, 0x46, 0x38, 0x39], file: "a.gif")
    }
    #expect(
      error.description == "a.gif: byte 0: expected a PNG or JPEG image, got 47 49 46 38")
  }

  @Test func namesOfPictures() {
    #expect(["a.png", "b.JPG", "c/d.jpeg"].allSatisfy(ImageFile.isNamed))
    #expect(!ImageFile.isNamed("png") && !ImageFile.isNamed("a.png.txt"))
  }
}
