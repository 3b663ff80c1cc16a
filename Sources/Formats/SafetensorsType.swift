/// What the numbers of a tensor in a safetensors file are; all are little-endian.
public enum SafetensorsType: String, Sendable, CaseIterable {
  case boolean = "BOOL"
  case unsigned8 = "U8"
  case signed8 = "I8"
  case float4 = "F4"
  case float6E2M3 = "F6_E2M3"
  case float6E3M2 = "F6_E3M2"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case float8E8M0 = "F8_E8M0"
  case signed16 = "I16"
  case unsigned16 = "U16"
  case float16 = "F16"
  case brainFloat16 = "BF16"
  case signed32 = "I32"
  case unsigned32 = "U32"
  case float32 = "F32"
  case complex64 = "C64"
  case float64 = "F64"
  case signed64 = "I64"
  case unsigned64 = "U64"

  /// How many bits one number takes.
  var bits: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .boolean, .unsigned8, .signed8, .float8E5M2, .float8E4M3, .float8E8M0: 8
    case .signed16, .unsigned16, .float16, .brainFloat16: 16
    case .signed32, .unsigned32, .float32: 32
    case .complex64, .float64, .signed64, .unsigned64: 64
    }
  }

  /// How many bytes a tensor of these extents takes; nil where that is no whole number or beyond counting.
  func byteCount(of shape: [Int]) -> Int? {
    guard let bits = shape.product(times: bits) else { return nil }
    return bits % 8 == 0 ? bits / 8 : nil
  }
}

/// A Swift number that lies in memory as a safetensors file has it.
public protocol SafetensorsElement: BitwiseCopyable {
  static var safetensorsType: SafetensorsType { get }
}

extension Float: SafetensorsElement {
  public static var safetensorsType: SafetensorsType { .float32 }
}

extension Double: SafetensorsElement {
  public static var safetensorsType: SafetensorsType { .float64 }
}

extension Int64: SafetensorsElement {
  public static var safetensorsType: SafetensorsType { .signed64 }
}

extension Int32: SafetensorsElement {
  public static var safetensorsType: SafetensorsType { .signed32 }
}

extension UInt8: SafetensorsElement {
  public static var safetensorsType: SafetensorsType { .unsigned8 }
}
