import Core
import Foundation
import Storage
import Testing

@testable import Privacy

/// A withdrawal after random damage leaves no byte of the person in the workspace, except in unknown files next to the
/// catalog, which are listed.
@Suite struct RandomDamageTests {
    /// Files of ada that are not photos.
    private static let files = [
        "model of t-1-1", "checkpoint of t-1-1", "checkpoint of t-1-2", "quarantined one", "quarantined three",
    ]

    @Test("After random damage nothing of the person is left") func damage() throws {
        let template = try DamagedWorkspaceTests.study()
        for seed in UInt64(1)...60 { try withdraw(PrivateStudy(copying: template), seed) }
    }

    private func withdraw(_ study: PrivateStudy, _ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let damages = try (0..<Int.random(in: 1...4, using: &generator)).map { number in
            try Damage.allCases.randomElement(using: &generator)!.apply(to: study, number, &generator)
        }
        let comment = Comment(rawValue: "seed \(seed): \(damages.joined(separator: "; "))")
        let plan = try study.executor().plan(WithdrawalExecutorTests.ada)
        let left = try study.executor().carryOut(plan, made: PrivateStudy.made)
        #expect(left.map(\.printablePath) == plan.undecided.map(\.printablePath), comment)
        let again = try study.executor().plan(WithdrawalExecutorTests.ada)
        #expect(again.isDone == left.isEmpty, comment)
        #expect(try study.executor().carryOut(again, removesUndecided: true, made: PrivateStudy.made) == [], comment)
        let listed = Set(plan.unknownFiles.map(\.description))
        let kept = try study.files().filter { !listed.contains(String($0.key.prefix { $0 != "/" })) }
        let windows =
            WithdrawalExecutorTests.gone.flatMap(study.windows(of:)) + Self.files.flatMap(PrivateStudy.windows(ofFile:))
        #expect(PrivateStudy.traces(windows, in: kept) == [], comment)
        #expect(try study.executor().plan(WithdrawalExecutorTests.ada).isDone, comment)
    }

    @Test("Before a withdrawal the scan finds every file of the person") func scan() throws {
        let study = try DamagedWorkspaceTests.study()
        let files = try study.files()
        for word in Self.files {
            #expect(PrivateStudy.traces(PrivateStudy.windows(ofFile: word), in: files).count == 1, "\(word)")
        }
    }
}

/// A kind of damage to a workspace. The catalog is not damaged.
private enum Damage: CaseIterable {
    case flip, truncate, delete, rename, copy, replaceByFile, link

    /// - Returns: a description of the damage.
    func apply(to study: PrivateStudy, _ number: Int, _ generator: inout SplitMix64) throws -> String {
        let root = study.workspace.root
        let paths = (FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []).sorted()
            .filter { !$0.hasPrefix("curare.sqlite") && !$0.hasSuffix(".lock") }
        // Photos are most of the files, and damage is more interesting elsewhere.
        let areas = Dictionary(grouping: paths) { $0.prefix { $0 != "/" } }
        guard let area = areas.keys.sorted().randomElement(using: &generator), let inArea = areas[area] else {
            return ""
        }
        let files = inArea.filter { !isFolder(root.appending(path: $0)) }
        let folders = inArea.filter { isFolder(root.appending(path: $0)) }
        guard let path = files.randomElement(using: &generator) else { return "" }
        let file = root.appending(path: path)
        let place =
            (Set(paths).filter { isFolder(root.appending(path: $0)) }).sorted()
            .randomElement(using: &generator) ?? "runs"
        let name = ["copy-\(number)", ".hidden-\(number)", "\(file.lastPathComponent)~", "IMG (\(number)).jpg"]
            .randomElement(using: &generator)!
        chmod(file.path, 0o600)
        switch self {
        case .flip:
            var bytes = try Data(contentsOf: file)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
                if index < bytes.count { bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
            }
            try bytes.write(to: file)
        case .truncate:
            let bytes = try Data(contentsOf: file)
            try bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)).write(to: file)
        case .delete:
            try FileManager.default.removeItem(at: file)
        case .rename:
            let old = root.appending(path: inArea.randomElement(using: &generator)!)
            try FileManager.default.moveItem(
                at: old, to: old.deletingLastPathComponent().appending(path: "\(old.lastPathComponent).bak"))
            return "rename \(old.path)"
        case .copy:
            try Data(contentsOf: file).write(to: root.appending(path: "\(place)/\(name)"))
            return "copy \(path) to \(place)/\(name)"
        case .replaceByFile:
            guard let folder = folders.randomElement(using: &generator) else { return "" }
            let bytes = try Data(contentsOf: file)
            try FileManager.default.removeItem(at: root.appending(path: folder))
            try bytes.write(to: root.appending(path: folder))
            return "replace \(folder) by \(path)"
        case .link:
            symlink(file.path, root.appending(path: "\(place)/\(name)").path)
            return "link \(place)/\(name) to \(path)"
        }
        return "\(self) \(path)"
    }

    private func isFolder(_ url: URL) -> Bool {
        var status = stat()
        return lstat(url.path, &status) == 0 && (status.st_mode & S_IFMT) == S_IFDIR
    }
}
