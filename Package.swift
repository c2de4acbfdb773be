// swift-tools-version: 6.2
import PackageDescription

// In CI every warning is an error; elsewhere a new compiler must not stop a researcher's build.
let warnings: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

// Numerics are tested as they are shipped: one release build serves the program and its tests, which may look inside.
let settings = warnings + [.unsafeFlags(["-enable-testing"])]

/// A room of the house: one target, what it may import from the other rooms, and which outside libraries.
/// `docs/architecture.md` says what each room knows; `Tests/ArchitectureTests` holds this list to that table.
func room(
    _ name: String, imports: [Target.Dependency], path: String? = nil, exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: imports, path: path, exclude: exclude, resources: resources, swiftSettings: settings)
}

func tests(of name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: imports, resources: resources, swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "curare",
    products: [.executable(name: "curare", targets: ["curare"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .executableTarget(
            name: "curare",
            dependencies: [
                "Demo", "Privacy", "Intake", "Auditing", "Validation", "Versions", "Catalog", "Imaging", "Learning",
                "Documents", "Storage", "Core", "Schemas", arguments,
            ],
            swiftSettings: settings),

        room("Demo", imports: ["Imaging", "Core", "Storage"]),
        room("Auditing", imports: ["Catalog", "Versions", "Core"]),
        room("Privacy", imports: ["Catalog", "Intake", "Versions", "Validation", "Core", "Storage"]),
        room("Reports", imports: ["Validation", "Versions", "Learning", "Imaging", "Core"]),
        room("Validation", imports: ["Versions", "Learning", "Imaging", "Core", "Storage"]),
        room("Intake", imports: ["Catalog", "Imaging", "Documents", "Core", "Storage"]),
        room("Versions", imports: ["Documents", "Core", "Storage"]),
        room("Catalog", imports: ["Schemas", "Core", "Storage", grdb]),
        room("Imaging", imports: ["Core", "CVips", "CExif", "CFaces", "CColour"]),
        room("Learning", imports: ["Core", "CDNNL", crypto]),
        room("Documents", imports: ["Core", yaml]),
        room("Storage", imports: ["Core", "CLinux", system]),
        room("Core", imports: ["CCrypto"]),
        room(
            "Schemas", imports: [], path: "Schemas",
            resources: [
                .embedInCode("catalog.sql"),
                .embedInCode("session.schema.json"),
                .embedInCode("session-sheet.schema.json"),
                .embedInCode("recipe.schema.json"),
                .embedInCode("manifest.schema.json"),
                .embedInCode("entry.schema.json"),
                .embedInCode("audit.schema.json"),
                .embedInCode("run-report.schema.json"),
            ]),

        // One tiny target per C library: plain functions in, plain values out.
        .target(name: "CVips", dependencies: ["CVipsLibrary"]),
        .systemLibrary(name: "CVipsLibrary", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .target(name: "CExif", dependencies: ["CExifLibrary"]),
        .target(name: "CColour", dependencies: ["CColourLibrary"]),
        .systemLibrary(name: "CColourLibrary", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .systemLibrary(name: "CExifLibrary", pkgConfig: "libexif", providers: [.apt(["libexif-dev"])]),
        // From the archive, which needs neither BLAS nor LAPACK for what is used of it.
        .target(name: "CFaces", linkerSettings: [.linkedLibrary(":libdlib.a")]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"])]),

        // Folders, photo ids, labels and faces for the tests of all modules.
        .target(name: "TestSupport", dependencies: ["Core"], path: "Tests/TestSupport", swiftSettings: settings),
        tests(of: "Core", imports: ["Core", "TestSupport"]),
        tests(of: "Storage", imports: ["Storage", "Core", "TestSupport"]),
        tests(of: "Documents", imports: ["Documents", "Core", "TestSupport"]),
        tests(of: "Catalog", imports: ["Catalog", "Core", "Storage", "TestSupport", grdb]),
        tests(of: "Imaging", imports: ["Imaging", "DecodingFuzz"], resources: [.copy("Fixtures")]),
        tests(of: "Demo", imports: ["Demo", "Imaging"]),
        // Measured beside PyTorch by Benchmarks/learning; its own program, so that nothing but the trainer is timed.
        .executableTarget(
            name: "LearningBench", dependencies: ["Learning"], path: "Benchmarks/LearningBench", swiftSettings: settings
        ),

        // Which photos become near-duplicates, and what gathering them costs: Benchmarks/near-duplicates.
        .executableTarget(
            name: "NearDuplicateBench", dependencies: ["Imaging", "Versions", "Core"], path: "Benchmarks/NearDuplicateBench",
            swiftSettings: settings),

        // A catalog of as many photos as one likes: Benchmarks/scale.
        .executableTarget(
            name: "ScaleBench", dependencies: ["Catalog", "Core", "Storage"], path: "Benchmarks/ScaleBench", swiftSettings: settings),

        // Damages thousands of files and decodes each in a child of its own.
        .executableTarget(
            name: "DecodingFuzz", dependencies: ["Imaging", "Core"], path: "Benchmarks/DecodingFuzz", swiftSettings: settings),

        tests(of: "Learning", imports: ["Learning", "LearningBench", "curare"], resources: [.copy("Golden")]),
        tests(of: "Intake", imports: ["Intake", "Documents"]),
        tests(of: "Versions", imports: ["Versions"]),
        tests(of: "Validation", imports: ["Validation"]),
        tests(of: "Reports", imports: ["Reports"]),
        tests(of: "Auditing", imports: ["Auditing"]),
        tests(of: "Privacy", imports: ["Privacy"]),
        tests(of: "Architecture"),
        tests(of: "Curare", imports: ["curare"], resources: [.copy("Golden")]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
