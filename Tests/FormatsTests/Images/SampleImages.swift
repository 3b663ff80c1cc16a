import Foundation

@testable import Formats

/// Files that Pillow 13 wrote.
enum SampleImages {
  /// 5 x 6 pixels with R = 50 y, G = 40 x, B = 128, quality 90, progressive.
  static let jpeg = decoded(
    """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsL\
    EBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU\
    FBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAFAAYDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAH/xAAVAQEB\
    AAAAAAAAAAAAAAAAAAAEBf/aAAwDAQACEAMQAAABojI//8QAFxAAAwEAAAAAAAAAAAAAAAAAAwUGFP/aAAgBAQABBQKV\
    Vizf/8QAGhEAAQUBAAAAAAAAAAAAAAAABQABAgQUI//aAAgBAwEBPwEoLpa58mX/xAAZEQABBQAAAAAAAAAAAAAAAAAD\
    AAIFFCH/2gAIAQIBAT8BkDksv1f/xAAVEAEBAAAAAAAAAAAAAAAAAAAAgf/aAAgBAQAGPwKP/8QAFRABAQAAAAAAAAAA\
    AAAAAAAAAOH/2gAIAQEAAT8hjH//2gAMAwEAAgADAAAAEPv/xAAWEQADAAAAAAAAAAAAAAAAAAAAUWH/2gAIAQMBAT8Q\
    r1H/xAAVEQEBAAAAAAAAAAAAAAAAAAAxAP/aAAgBAgEBPxBJb//EABkQAAEFAAAAAAAAAAAAAAAAAAABESFBof/aAAgB\
    AQABPxBxiukP/9k=
    """)

  /// 5 x 6 pixels with C = 50 y, M = 40 x, Y = 128, K = 20 (x + y), quality 90, inverted and with an Adobe marker of
  /// the transform 0.
  static let cmykJPEG = decoded(
    """
    /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwP\
    FxgWFBgSFBUU/8AAFAgABQAGBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAUCA//EACYQAAAEAA8AAAAAAAAAAAAAAAAB\
    AgcFCAkWGSI2QkNTYXSjsdH/2gAOBEMATQBZAEsAAD8ADpEXKzedXg1lHrfp3CujEBmMe9sPTgKtiHfPUf/Z
    """)

  /// 1 x 3 pixels of a palette: red, green (transparent), (10, 20, 30).
  static let palettePNG = decoded(
    """
    iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAgMAAABmjvwnAAAACVBMVEX/AAAA/wAKFB7Zfk3nAAAAAnRSTlP/AOW3MEoAAAAKSURB\
    VHicY5AAAAAaABktiPQ2AAAAAElFTkSuQmCC
    """)

  /// 1 x 3 grey pixels of 16 bits: 0, 256, 65535.
  static let deepPNG = decoded(
    """
    iVBORw0KGgoAAAANSUhEUgAAAAMAAAABEAAAAABuG5crAAAAD0lEQVR4nGNgYGBk+P8fAAMIAgBBcJANAAAAAElFTkSuQmCC
    """)

  /// 1 x 4 pixels of one bit: 0, 1, 1, 0.
  static let bitsPNG = decoded(
    """
    iVBORw0KGgoAAAANSUhEUgAAAAQAAAABAQAAAADRRzJgAAAACklEQVR4nGNIAAAAYgBhsZh58gAAAABJRU5ErkJggg==
    """)

  /// A picture of any size whose pixels all differ from their neighbours.
  static func picture(height: Int, width: Int, channels: Int) -> RasterImage {
    var pixels: [UInt8] = []
    for i in 0..<height * width * channels {
      pixels.append(UInt8(truncatingIfNeeded: i * 37 + i / 7))
    }
    return RasterImage(height: height, width: width, channels: channels, pixels: pixels)
  }

  private static func decoded(_ text: String) -> [UInt8] {
    Data(base64Encoded: text).map(Array.init) ?? []
  }
}
