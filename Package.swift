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

/// A library of test fixtures.
func testSupport(_ name: String, imports: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: imports, path: "Tests/\(name)", swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
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
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "curare",
            dependencies: [
                "Workflows", "Intake", "Validation", "Versions", "Catalog", "Imaging", "Learning", "Core", "Schemas",
                arguments,
            ],
            swiftSettings: settings),

        room(
            "Workflows",
            imports: [
                "Demo", "Privacy", "Auditing", "Validation", "Intake", "Versions", "Catalog", "Imaging", "Learning",
                "Documents", "Storage", "Core",
            ]),
        room("Demo", imports: ["Imaging", "Core", "Storage", crypto]),
        room("Auditing", imports: ["Catalog", "Versions", "Core"]),
        room("Privacy", imports: ["Catalog", "Intake", "Versions", "Validation", "Core", "Storage"]),
        room("Validation", imports: ["Versions", "Learning", "Imaging", "Catalog", "Core", "Storage"]),
        room("Intake", imports: ["Catalog", "Imaging", "Documents", "Core", "Storage"]),
        room("Versions", imports: ["Documents", "Core", "Storage"]),
        room("Catalog", imports: ["Schemas", "Core", "Storage", grdb]),
        room("Imaging", imports: ["Core", "CVips", "CExif", "CFaces", crypto]),
        room("Learning", imports: ["Core", "CDNNL", crypto]),
        room("Documents", imports: ["Core", yaml, csv]),
        room("Storage", imports: ["Core", "CLinux"]),
        room("Core", imports: ["CCrypto"]),
        room(
            "Schemas", imports: [], path: "Schemas",
            resources: [
                .embedInCode("Migrations/spine-1.sql"),
                .embedInCode("Migrations/faces-2.sql"),
                .embedInCode("Migrations/measures-3.sql"),
                .embedInCode("Migrations/exports-4.sql"),
                .embedInCode("Migrations/withdrawals-5.sql"),
                .embedInCode("session.schema.json"),
                .embedInCode("session-sheet.schema.json"),
                .embedInCode("recipe.schema.json"),
                .embedInCode("manifest.schema.json"),
                .embedInCode("entry.schema.json"),
                .embedInCode("run-report.schema.json"),
                .embedInCode("results/init.schema.json"),
                .embedInCode("results/trigger.schema.json"),
                .embedInCode("results/status.schema.json"),
                .embedInCode("results/demo.schema.json"),
                .embedInCode("results/import.schema.json"),
                .embedInCode("results/sheet.schema.json"),
                .embedInCode("results/label.schema.json"),
                .embedInCode("results/consent.schema.json"),
                .embedInCode("results/withdraw.schema.json"),
                .embedInCode("results/show.schema.json"),
                .embedInCode("results/split.schema.json"),
                .embedInCode("results/verify.schema.json"),
                .embedInCode("results/diff.schema.json"),
                .embedInCode("results/rebuild.schema.json"),
                .embedInCode("results/audit.schema.json"),
                .embedInCode("results/export.schema.json"),
                .embedInCode("results/validate.schema.json"),
                .embedInCode("results/predict.schema.json"),
                .embedInCode("results/explain.schema.json"),
                .embedInCode("results/schema.schema.json"),
                .embedInCode("results/error.schema.json"),
            ]),

        // One tiny target per C library: plain functions in, plain values out.
        .target(name: "CVips", dependencies: ["CVipsLibrary"]),
        .systemLibrary(name: "CVipsLibrary", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .target(name: "CExif", dependencies: ["CExifLibrary"]),
        .systemLibrary(name: "CExifLibrary", pkgConfig: "libexif", providers: [.apt(["libexif-dev"])]),
        // From the archive, which needs neither BLAS nor LAPACK for what is used of it.
        .target(name: "CFaces", linkerSettings: [.linkedLibrary(":libdlib.a")]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"])]),

        tests(of: "Catalog", imports: ["Catalog", "Core", "Storage", "Documents", grdb]),
        tests(of: "Imaging", imports: ["Imaging", "DecodingFuzz"], resources: [.copy("Fixtures")]),
        tests(of: "Demo", imports: ["Demo", "Imaging"]),
        // Measured beside PyTorch by Benchmarks/learning; its own program, so that nothing but the trainer is timed.
        .executableTarget(
            name: "LearningBench", dependencies: ["Learning"], path: "Benchmarks/LearningBench", swiftSettings: settings
        ),

        // Which photos become near-duplicates, and what gathering them costs: Benchmarks/likeness.
        .executableTarget(
            name: "LikenessBench", dependencies: ["Imaging", "Versions", "Catalog", "Core"], path: "Benchmarks/LikenessBench",
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
        tests(of: "Auditing", imports: ["Auditing"]),
        tests(of: "Privacy", imports: ["Privacy"]),
        tests(of: "Architecture"),
        testSupport("TestSupport", imports: ["Workflows", "Imaging", "Core"]),
        tests(of: "Workflows", imports: ["Workflows", "TestSupport", "Schemas"]),
        tests(of: "Curare", imports: ["curare", "TestSupport"], resources: [.copy("Golden")]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
