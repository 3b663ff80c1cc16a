/// SHA-256 (FIPS 180-4), to tell whether data is the data it was.
///
/// It is written out here because the alternative, swift-crypto, builds the whole of BoringSSL for this one function.
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A,
    0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
  ]
  /// What came since the last whole block of 64 bytes.
  private var pending: [UInt8] = []
  private var length = 0

  public init() {}

  /// The digest of these bytes in lower-case hexadecimal.
  public static func hexadecimal(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexadecimal()
  }

  /// The digest of a file's bytes, as sha256sum prints it; the file is read in pieces.
  ///
  /// Throws: `FormatError` where the file cannot be read.
  public static func hexadecimal(ofFile path: String) throws(FormatError) -> String {
    var hash = SHA256()
    try InputFile(path).readPieces { piece in hash.update(piece) }
    return hash.hexadecimal()
  }

  /// Adds bytes behind those so far.
  public mutating func update(_ bytes: some Collection<UInt8>) {
    var rest = bytes[...]
    // In pieces, for they are copied.
    while !rest.isEmpty {
      let piece = rest.prefix(1 << 18)
      rest = rest[piece.endIndex...]
      length += piece.count
      pending += piece
      let whole = pending.count / 64 * 64
      pending.withUnsafeBytes { buffer in
        for start in stride(from: 0, to: whole, by: 64) {
          compress(buffer, at: start, into: &state)
        }
      }
      pending.removeFirst(whole)
    }
  }

  /// The digest of all the bytes so far, in lower-case hexadecimal.
  public func hexadecimal() -> String {
    var last = self
    let zeros = (119 - length % 64) % 64
    last.update([0x80] + [UInt8](repeating: 0, count: zeros))
    last.update(withUnsafeBytes(of: UInt64(length * 8).bigEndian, Array.init))
    return last.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}

/// Section 6.2.2 of the standard: mixes the block of 64 bytes at `start` into the state.
private func compress(
  _ bytes: UnsafeRawBufferPointer, at start: Int, into state: inout [UInt32]
) {
  func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }
  withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
    for t in 0..<16 {
      w[t] = UInt32(
        bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * t, as: UInt32.self))
    }
    for t in 16..<64 {
      let sigma0 = rotated(w[t - 15], 7) ^ rotated(w[t - 15], 18) ^ w[t - 15] >> 3
      let sigma1 = rotated(w[t - 2], 17) ^ rotated(w[t - 2], 19) ^ w[t - 2] >> 10
      w[t] = w[t - 16] &+ sigma0 &+ w[t - 7] &+ sigma1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let choice = e & f ^ ~e & g
      let t1 = h &+ sum1 &+ choice &+ roundConstants[t] &+ w[t]
      let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let majority = a & b ^ a & c ^ b & c
      (h, g, f, e) = (g, f, e, d &+ t1)
      (d, c, b, a) = (c, b, a, t1 &+ sum0 &+ majority)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }
}

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: [UInt32] = [
  0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4,
  0xAB1C_5ED5, 0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE,
  0x9BDC_06A7, 0xC19B_F174, 0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F,
  0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA, 0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7,
  0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967, 0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC,
  0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85, 0xA2BF_E8A1, 0xA81A_664B,
  0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070, 0x19A4_C116,
  0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
  0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7,
  0xC671_78F2,
]
