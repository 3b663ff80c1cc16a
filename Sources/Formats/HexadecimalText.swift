/// Bytes as a hex dump shows them: `1F 8B`.
func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
  if bytes.isEmpty { return "an empty file" }
  return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
    .joined(separator: " ")
}
