import Foundation
import Kernels
import Testing

@Suite struct PrincipalAnglesTests {
  @Test("A plane turned about one of its axes by an angle") func turned() throws {
    for angle in [0.3, 1e-3, Double.pi / 2] {
      let angles = try PrincipalAngles.between(
        [1, 0, 0, 0, 1, 0], [cos(angle), 0, sin(angle), 0, 1, 0], size: 3)
      #expect(angles.count == 2)
      #expect(abs(angles[0]) < 1e-7 && abs(angles[1] - angle) < 1e-9)
    }
  }

  @Test("A line and a plane have one angle, in either order") func lineAndPlane() throws {
    let (line, plane): ([Double], [Double]) = ([1, 1, 2.0.squareRoot()], [3, 0, 0, 1, -2, 0])
    for (a, b) in [(line, plane), (plane, line)] {
      let angles = try PrincipalAngles.between(a, b, size: 3)
      #expect(angles.count == 1 && abs(angles[0] - .pi / 4) < 1e-12)
    }
  }

  @Test("Any basis of a subspace spans it") func bases() throws {
    let (count, size) = (7, 40)
    let basis = normals(count * size)
    let mixing = normals(count * count)
    var mixed = [Double](repeating: 0, count: count * size)
    for k in 0..<count {
      for j in 0..<count {
        for i in 0..<size {
          mixed[k * size + i] += mixing[k * count + j] * basis[j * size + i]
        }
      }
    }
    #expect(try PrincipalAngles.between(basis, mixed, size: size).allSatisfy { $0 < 1e-6 })
    // What one basis vector less spans lies within.
    let fewer = Array(mixed.prefix((count - 1) * size))
    let angles = try PrincipalAngles.between(basis, fewer, size: size)
    #expect(angles.count == count - 1 && angles.allSatisfy { $0 < 1e-6 })
  }

  @Test func whatIsNoNumberIsRefused() {
    #expect(throws: LAPACKError.self) {
      try PrincipalAngles.between([.nan, 0], [1, 0], size: 2)
    }
  }
}
