import Foundation

/// The repository that contains this file, as text.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The text files below `folder`, by path from the root, sorted. Build products and binary files are left out.
    static func files(below folder: String, endings: Set<String>) throws -> [(path: String, text: String)] {
        let start = root.appending(path: folder)
        var found: [(path: String, text: String)] = []
        for case let file as URL in FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
            ?? .init()
        {
            guard endings.contains(file.pathExtension) || endings.contains(file.lastPathComponent) else { continue }
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            let path = String(file.path.dropFirst(root.path.count + 1))
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".build") || $0 == ".scratch" }) else {
                continue
            }
            found.append((path, try String(contentsOf: file, encoding: .utf8)))
        }
        return found.sorted { $0.path < $1.path }
    }
}

/// The module table of `docs/architecture.md`: each module with the modules and C targets that it may import.
struct ModuleTable {
    /// In the order of the table, highest module first.
    let rows: [(module: String, imports: Set<String>)]

    init(_ markdown: String) {
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        let table = lines.drop { $0 != "| module | job | may import |" }.dropFirst(2).prefix { $0.hasPrefix("|") }
        let cells = table.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        let modules = cells.map { Self.codeSpans(in: $0.first ?? "").first ?? "" }
        rows = cells.enumerated().map { index, row in
            let last = row.last ?? ""
            return (modules[index], last == "all below" ? Set(modules[(index + 1)...]) : Set(Self.codeSpans(in: last)))
        }
    }

    subscript(module: String) -> Set<String>? { rows.first { $0.module == module }?.imports }

    private static func codeSpans(in text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }
}

/// The targets that `swift package describe --type json` prints.
struct PackageDescription: Decodable {
    struct Target: Decodable {
        let name, type, path: String
        let targetDependencies: [String]?
        let productDependencies: [String]?

        enum CodingKeys: String, CodingKey {
            case name, type, path
            case targetDependencies = "target_dependencies"
            case productDependencies = "product_dependencies"
        }
    }

    let targets: [Target]

    /// Where `make test` writes the description before the tests start. SwiftPM cannot describe a package while it runs
    /// the tests of that package.
    static let file = Repository.root.appending(path: ".build/package-description.json")

    static var exists: Bool { FileManager.default.fileExists(atPath: file.path) }

    static func read() throws -> PackageDescription {
        try JSONDecoder().decode(PackageDescription.self, from: Data(contentsOf: file))
    }

    /// The Swift targets below `Sources` and `Schemas`. Benchmark programs and tests are not modules.
    var modules: [Target] {
        targets.filter { ["library", "executable"].contains($0.type) && !isCTarget($0) && isProduct($0) }
    }

    /// C targets: system libraries and the small targets that wrap them.
    var cTargets: [Target] { targets.filter { $0.type == "system-target" || (isProduct($0) && isCTarget($0)) } }

    private func isProduct(_ target: Target) -> Bool { target.path.hasPrefix("Sources/") || target.path == "Schemas" }

    private func isCTarget(_ target: Target) -> Bool {
        let include = Repository.root.appending(path: target.path).appending(path: "include")
        return FileManager.default.fileExists(atPath: include.path)
    }
}
