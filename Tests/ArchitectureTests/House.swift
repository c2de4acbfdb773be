import Foundation

/// The repository as its own documents and manifest describe it, read where this file lies in it.
struct House {
    let root: URL
    /// Rooms in the order of the table in `docs/architecture.md`, each with the targets that it may import.
    let table: [(room: String, imports: Set<String>)]
    /// Targets of `Package.swift`, each with the names that it depends on, outside products among them.
    let targets: [String: Set<String>]
    /// Those of the targets that are rooms; the others are C.
    let rooms: Set<String>
    /// Products of outside packages.
    let libraries: Set<String>

    init(file: String = #filePath) throws {
        root = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        table = Self.table(try String(contentsOf: root.appending(path: "docs/architecture.md"), encoding: .utf8))
        (targets, rooms, libraries) = Self.targets(
            try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8))
    }

    /// What the table lets `room` import.
    func allowed(_ room: String) -> Set<String>? { table.first { $0.room == room }?.imports }

    /// The folder that a target's sources lie in.
    func folder(_ room: String) -> URL {
        let own = root.appending(path: room)
        let usual = root.appending(path: "Sources/\(room)")
        return FileManager.default.fileExists(atPath: usual.path) ? usual : own
    }

    /// Files below `folder` with their text, by path from the repository's root.
    func files(below folder: URL, endings: Set<String> = ["swift"]) throws -> [(path: String, text: String)] {
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter { endings.contains($0.pathExtension) }.map { file in
            (String(file.path.dropFirst(root.path.count)), try String(contentsOf: file, encoding: .utf8))
        }.sorted { $0.path < $1.path }
    }

    /// The modules that a Swift file imports.
    static func imports(_ text: String) -> Set<String> {
        let kinds: Set = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
        return Set(
            text.split(separator: "\n").compactMap { line in
                var words = line.split(whereSeparator: { $0 == " " || $0 == "." }).map(String.init)
                while let first = words.first,
                    first.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(first)
                { words.removeFirst() }
                guard words.first == "import", words.count > 1 else { return nil }
                return kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
            })
    }

    private static func table(_ text: String) -> [(room: String, imports: Set<String>)] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).drop {
            $0 != "| room | knows | may import |"
        }
        let rows = lines.dropFirst(2).prefix { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let rooms = rows.map { words(between: "`", in: $0.first ?? "").first ?? "" }
        return rows.enumerated().map { index, row in
            let cell = row.last ?? ""
            return (rooms[index], cell == "all below" ? Set(rooms[(index + 1)...]) : Set(words(between: "`", in: cell)))
        }
    }

    private static func targets(_ text: String) -> ([String: Set<String>], rooms: Set<String>, libraries: Set<String>) {
        var products: [String: String] = [:]
        for match in text.matches(of: /let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/) {
            products[String(match.1)] = String(match.2)
        }
        var targets: [String: Set<String>] = [:]
        var rooms: Set<String> = []
        for match in text.matches(
            of:
                /(room\(|\.executableTarget\(\s*name: |\.target\(\s*name: )"(\w+)"(?:,\s*(?:imports|dependencies): \[([^\]]*)\])?(?:,\s*path: "([^"]*)")?/
        ) {
            // The programs that measure live outside the house.
            if match.4?.hasPrefix("Benchmarks/") == true { continue }
            let list = match.3.map { String($0) } ?? ""
            let words = list.split { $0 == "," || $0.isWhitespace }.map { $0.filter { $0 != "\"" } }
            let names: [String] = words.map { products[$0] ?? $0 }
            targets[String(match.2)] = Set(names)
            if !match.1.hasPrefix(".target") { rooms.insert(String(match.2)) }
        }
        for match in text.matches(of: /\.systemLibrary\(\s*name: "(\w+)"/) { targets[String(match.1)] = [] }
        return (targets, rooms, Set(products.values))
    }

    private static func words(between mark: Character, in text: String) -> [String] {
        text.split(separator: mark, omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
    }
}
