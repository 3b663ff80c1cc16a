// swift-tools-version:6.2
import PackageDescription

/// One floor of the house: it may use only the floors named here, all of which lie below it.
func floor(
  _ name: String, on lower: [Target.Dependency] = [],
  tested testDependencies: [Target.Dependency] = [], excluding: [String] = [],
  fixtures: [String] = []
) -> [Target] {
  [
    .target(name: name, dependencies: lower, exclude: excluding, swiftSettings: strict),
    .testTarget(
      name: "\(name)Tests", dependencies: [.byName(name: name)] + lower + testDependencies,
      exclude: fixtures, swiftSettings: strict),
  ]
}

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error),
]
let numerics: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// The second engine of matrix products, where Debian has it.
#if arch(x86_64) && os(Linux)
  let defaultTraits: Set<String> = ["Libxsmm"]
#else
  let defaultTraits: Set<String> = []
#endif

let package = Package(
  name: "dlcli",
  products: [.executable(name: "dlcli", targets: ["dlcli"])],
  traits: [
    .trait(name: "Libxsmm", description: "Small matrix products by kernels compiled for them."),
    .default(enabledTraits: defaultTraits),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", path: "Sources/System/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", path: "Sources/System/CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/System/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CPNG", path: "Sources/System/CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CJPEG", path: "Sources/System/CJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(
      name: "CLibxsmm", path: "Sources/System/CLibxsmm", pkgConfig: "libxsmm",
      providers: [.apt(["libxsmm-dev"])]),
    .target(name: "CImages", dependencies: ["CPNG", "CJPEG"]),
    .target(name: "CClosure"),
    .target(name: "CSIMD"),
  ]
    + floor("TensorCore", on: [numerics, "CClosure"])
    + floor(
      "Kernels",
      on: [
        "TensorCore", "CSIMD", "COpenBLAS", "CLAPACKE",
        .target(name: "CLibxsmm", condition: .when(traits: ["Libxsmm"])),
      ])
    + floor("Settings")
    + floor("GraphIR", on: ["TensorCore", "Settings", "Kernels"])
    + floor("Layers", on: ["TensorCore", "Settings", "Kernels", "GraphIR"], fixtures: ["Fixtures"])
    + floor("Compilation", on: ["TensorCore", "Settings", "Kernels", "GraphIR"])
    + floor(
      "Formats", on: ["TensorCore", "Settings", "CZlib", "CImages", protobuf],
      tested: ["SamplePictures"], excluding: ["Generated/event.proto"])
    + floor("ModelSpec", on: ["TensorCore", "Settings", "GraphIR", "Layers", "Formats"])
    + floor(
      "Datasets", on: ["TensorCore", "Settings", "Formats"], tested: ["SamplePictures"],
      fixtures: ["Fixtures"])
    + floor(
      "Training",
      on: [
        "TensorCore", "Settings", "Kernels", "GraphIR", "Layers", "Compilation", "ModelSpec",
        "Formats", "Datasets",
      ], tested: ["CAllocationCounter"], fixtures: ["Fixtures"])
    + [
      .target(name: "CAllocationCounter", path: "Tests/Support/CAllocationCounter"),
      .target(
        name: "SamplePictures", path: "Tests/Support/SamplePictures", swiftSettings: strict),
      .executableTarget(
        name: "dlcli", dependencies: ["Training", arguments], swiftSettings: strict),
      .executableTarget(
        name: "dlbench", dependencies: ["Training", arguments], swiftSettings: strict),
      .testTarget(
        name: "CommandTests",
        dependencies: [
          "dlcli", "dlbench", "Settings", "GraphIR", "Layers", "Formats", "ModelSpec", "Datasets",
          "Training", "SamplePictures",
        ], exclude: ["Snapshots"],
        swiftSettings: strict
      ),
    ]
)
