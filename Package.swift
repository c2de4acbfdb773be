// swift-tools-version: 6.2
import PackageDescription

// In CI every warning is an error. Elsewhere a new compiler must not stop a researcher's build.
let settings: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// A module: one target, the modules and C targets that it may import, and its libraries.
/// `docs/architecture.md` has the table of all modules. `Tests/ArchitectureTests` compares this list with the table.
func module(
    _ name: String, imports: [Target.Dependency], path: String? = nil, resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: imports, path: path, resources: resources, swiftSettings: settings)
}

func tests(of name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: imports, resources: resources, swiftSettings: settings)
}

func benchmark(_ name: String, imports: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: imports, path: "Benchmarks/\(name)", swiftSettings: settings)
}

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let sockets = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "curare",
    products: [.executable(name: "curare", targets: ["curare"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .executableTarget(
            name: "curare",
            dependencies: [
                "Review", "Workflows", "Auditing", "Privacy", "Intake", "Validation", "Versions", "Catalog", "Imaging",
                "Learning",
                "Storage", "Core", "Schemas", arguments,
            ],
            swiftSettings: settings),
        module(
            "Review", imports: ["Workflows", "Reports", "Intake", "Core", sockets],
            resources: [
                .embedInCode("Web/api.js"),
                .embedInCode("Web/boxes.js"),
                .embedInCode("Web/changes.js"),
                .embedInCode("Web/conflicts.js"),
                .embedInCode("Web/dialogs.js"),
                .embedInCode("Web/disagreements.js"),
                .embedInCode("Web/elements.js"),
                .embedInCode("Web/filters.js"),
                .embedInCode("Web/findings.js"),
                .embedInCode("Web/grid.js"),
                .embedInCode("Web/icon.svg"),
                .embedInCode("Web/index.html"),
                .embedInCode("Web/keys.js"),
                .embedInCode("Web/labelling.js"),
                .embedInCode("Web/labels.js"),
                .embedInCode("Web/photos.js"),
                .embedInCode("Web/review.css"),
                .embedInCode("Web/review.js"),
                .embedInCode("Web/saving.js"),
                .embedInCode("Web/viewer.js"),
            ]),
        module(
            "Workflows",
            imports: [
                "Reports", "Demo", "Checking", "Privacy", "Auditing", "Validation", "Intake", "Versions", "Catalog",
                "Imaging", "Learning", "Documents", "Storage", "Core",
            ]),
        module("Reports", imports: ["Auditing", "Validation", "Versions", "Learning", "Imaging", "Core"]),
        module("Demo", imports: ["Imaging", "Core", "Storage"]),
        module("Checking", imports: ["Catalog", "Intake", "Versions", "Validation", "Core", "Storage"]),
        module("Privacy", imports: ["Catalog", "Intake", "Versions", "Validation", "Core", "Storage"]),
        module("Auditing", imports: ["Versions", "Core"]),
        module("Validation", imports: ["Versions", "Learning", "Imaging", "Core", "Storage"]),
        module("Intake", imports: ["Catalog", "Imaging", "Documents", "Core", "Storage"]),
        module("Versions", imports: ["Documents", "Core", "Storage"]),
        module("Catalog", imports: ["Schemas", "Core", "Storage", "CSQLite", grdb]),
        module("Imaging", imports: ["Core", "CVips", "CFaces", "CColour"]),
        module("Learning", imports: ["Core", "CDNNL"]),
        module("Documents", imports: ["Core", yaml]),
        module("Storage", imports: ["Core", "CLinux", system]),
        module("Core", imports: ["CCrypto"]),
        module(
            "Schemas", imports: [], path: "Schemas",
            resources: [
                .embedInCode("catalog.sql"),
                .embedInCode("session.schema.json"),
                .embedInCode("session-sheet.schema.json"),
                .embedInCode("recipe.schema.json"),
                .embedInCode("manifest.schema.json"),
                .embedInCode("entry.schema.json"),
                .embedInCode("run-report.schema.json"),
                .embedInCode("results/init.schema.json"),
                .embedInCode("results/trigger.schema.json"),
                .embedInCode("results/volunteer.schema.json"),
                .embedInCode("results/status.schema.json"),
                .embedInCode("results/demo.schema.json"),
                .embedInCode("results/import.schema.json"),
                .embedInCode("results/faces.schema.json"),
                .embedInCode("results/faces-accept.schema.json"),
                .embedInCode("results/faces-embed.schema.json"),
                .embedInCode("results/sheet.schema.json"),
                .embedInCode("results/label.schema.json"),
                .embedInCode("results/labels.schema.json"),
                .embedInCode("results/labels-import.schema.json"),
                .embedInCode("results/labels-agreement.schema.json"),
                .embedInCode("results/consent.schema.json"),
                .embedInCode("results/withdraw.schema.json"),
                .embedInCode("results/show.schema.json"),
                .embedInCode("results/split.schema.json"),
                .embedInCode("results/versions.schema.json"),
                .embedInCode("results/runs.schema.json"),
                .embedInCode("results/verify.schema.json"),
                .embedInCode("results/diff.schema.json"),
                .embedInCode("results/rebuild.schema.json"),
                .embedInCode("results/review.schema.json"),
                .embedInCode("results/audit.schema.json"),
                .embedInCode("results/audit-accept.schema.json"),
                .embedInCode("results/export.schema.json"),
                .embedInCode("results/bundle.schema.json"),
                .embedInCode("results/unbundle.schema.json"),
                .embedInCode("results/validate.schema.json"),
                .embedInCode("results/compare.schema.json"),
                .embedInCode("results/predict.schema.json"),
                .embedInCode("results/explain.schema.json"),
                .embedInCode("results/check.schema.json"),
                .embedInCode("results/backup.schema.json"),
                .embedInCode("results/remove.schema.json"),
                .embedInCode("results/prune.schema.json"),
                .embedInCode("results/schema.schema.json"),
                .embedInCode("results/error.schema.json"),
            ]),

        // One small target per C library: plain functions, plain values.
        .target(name: "CVips", dependencies: ["CVipsLibrary", "CJpegLibrary", "CHeifLibrary"]),
        .systemLibrary(name: "CVipsLibrary", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .systemLibrary(name: "CJpegLibrary", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        // Headers only: libvips loads the libraries.
        .systemLibrary(name: "CHeifLibrary", providers: [.apt(["libheif-dev", "libde265-dev"])]),
        .target(name: "CColour", dependencies: ["CColourLibrary"]),
        .systemLibrary(name: "CColourLibrary", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        // The static library needs neither BLAS nor LAPACK for the functions that Curare uses. An unoptimized dlib is
        // too slow for tests in the debug configuration.
        .target(
            name: "CFaces", cxxSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))],
            linkerSettings: [.linkedLibrary(":libdlib.a")]),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"])]),

        benchmark("LearningBench", imports: ["Learning"]),
        benchmark("NearDuplicateBench", imports: ["Imaging", "Versions", "Core"]),
        benchmark("ScaleBench", imports: ["Catalog", "Core", "Storage", grdb]),
        benchmark("FaceBench", imports: ["Imaging", "Learning", "Core", "Storage"]),
        benchmark("DecodingFuzz", imports: ["Imaging", "Core"]),

        // Folders, photo ids, labels and faces for the tests of all modules.
        .target(name: "TestSupport", dependencies: ["Core"], path: "Tests/TestSupport", swiftSettings: settings),
        // Workspaces, small studies and the schema checker for the tests of whole tasks.
        .target(
            name: "WorkflowTestSupport", dependencies: ["Workflows", "Imaging", "Core"],
            path: "Tests/WorkflowTestSupport", swiftSettings: settings),
        tests(of: "Core", imports: ["Core", "TestSupport"]),
        tests(of: "Storage", imports: ["Storage", "Core", "TestSupport"]),
        tests(of: "Documents", imports: ["Documents", "Core", "TestSupport"]),
        tests(of: "Catalog", imports: ["Catalog", "Core", "Storage", "TestSupport", grdb]),
        tests(
            of: "Imaging", imports: ["Imaging", "Learning", "Demo", "Storage", "Core", "DecodingFuzz"],
            resources: [.copy("Fixtures")]),
        tests(of: "Demo", imports: ["Demo", "Imaging", "Core"]),
        tests(of: "Learning", imports: ["Learning", "LearningBench", "curare"], resources: [.copy("Golden")]),
        tests(of: "Intake", imports: ["Intake", "Documents"]),
        tests(of: "Versions", imports: ["Versions"]),
        tests(of: "Validation", imports: ["Validation"]),
        tests(of: "Reports", imports: ["Reports"], resources: [.copy("Golden")]),
        tests(of: "Auditing", imports: ["Auditing"], resources: [.copy("Golden")]),
        tests(of: "Checking", imports: ["Checking", "Schemas"]),
        tests(of: "Privacy", imports: ["Privacy"]),
        tests(of: "Workflows", imports: ["Workflows", "WorkflowTestSupport", "Schemas", grdb]),
        tests(of: "Review", imports: ["Review", "WorkflowTestSupport", "Schemas"]),
        tests(of: "Curare", imports: ["curare", "WorkflowTestSupport"], resources: [.copy("Golden")]),
        tests(of: "Architecture"),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
