import Foundation

/// Sound as the logarithms of its power in bands of frequency, over time.
///
/// Frame t is the L samples from t S on, times Hann's window w[n] = (1 - cos(2πn / L)) / 2, and zeros up to N, the next
/// power of two; P[t, k] = |X[k]|² of its Fourier transform, k from 0 to N / 2. Band b is a triangle over the frequencies
/// f = k rate / N: it rises from 0 at F[b] to 1 at F[b + 1] and falls to 0 at F[b + 2], and the F lie evenly on the scale
/// mel(f) = 2595 log10(1 + f / 700) from the lowest frequency to the highest. Then
///
///     y[t, b] = ln(Σ_k triangle[b, k] P[t, k] + 1e-6)
struct LogMel: Sendable {
  let bands: Int
  private let length: Int
  private let step: Int
  private let window: [Float]
  private let transform: FourierTransform
  /// For each band the first k that counts, and the weights from there on.
  private let triangles: [(first: Int, weights: [Float])]

  /// - Parameters:
  ///   - length: L, the samples of a frame.
  ///   - step: S, how many samples the next frame begins later.
  ///   - frequencies: the lowest and the highest, in hertz.
  init(rate: Int, length: Int, step: Int, bands: Int, frequencies: ClosedRange<Double>) {
    self.bands = bands
    self.length = length
    self.step = step
    window = (0..<length).map {
      Float((1 - cos(2 * Double.pi * Double($0) / Double(length))) / 2)
    }
    var size = 1
    while size < length { size *= 2 }
    transform = FourierTransform(size)
    let (low, high) = (Self.mel(frequencies.lowerBound), Self.mel(frequencies.upperBound))
    let edges = (0..<bands + 2).map {
      Self.hertz(low + (high - low) * Double($0) / Double(bands + 1))
    }
    triangles = (0..<bands).map { band in
      let weights = (0...size / 2).map { k -> Float in
        let f = Double(k) * Double(rate) / Double(size)
        let rise = (f - edges[band]) / (edges[band + 1] - edges[band])
        let fall = (edges[band + 2] - f) / (edges[band + 2] - edges[band + 1])
        return Float(max(0, min(rise, fall)))
      }
      let first = weights.firstIndex { $0 > 0 } ?? 0
      let last = weights.lastIndex { $0 > 0 } ?? -1
      return (first, last < first ? [] : Array(weights[first...last]))
    }
  }

  private static func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
  private static func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }

  /// y of the first `frames` frames, frame after frame; samples that are not there are 0.
  func features(of samples: [Float], frames: Int) -> [Float] {
    var features: [Float] = []
    features.reserveCapacity(frames * bands)
    var frame = [Float](repeating: 0, count: transform.count)
    for time in 0..<frames {
      let start = time * step
      for n in 0..<length {
        frame[n] = start + n < samples.count ? samples[start + n] * window[n] : 0
      }
      let power = transform.power(of: frame)
      for triangle in triangles {
        var sum: Float = 0
        for (offset, weight) in triangle.weights.enumerated() {
          sum += weight * power[triangle.first + offset]
        }
        features.append(log(sum + 1e-6))
      }
    }
    return features
  }
}
