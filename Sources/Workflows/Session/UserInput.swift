import Core
import Foundation
import Versions

/// Files that a user named on the command line.
enum UserFile {
    /// Returns the bytes of the regular file at `path`.
    ///
    /// - Throws: ``CurareError`` (66) if there is no file; (65) if it is not a regular file or larger than `limit`;
    ///   (74) if it cannot be read.
    static func contents(of path: String, limit: Int) throws -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw CurareError(.missingInput, "there is no such file", at: path)
        }
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: target)
        } catch {
            throw CurareError(.inputOutput, "the file cannot be read: \(error.localizedDescription)", at: path)
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw CurareError(.badInput, "not a regular file", at: path, next: "name a regular file")
        }
        guard let size = attributes[.size] as? Int, size <= limit else {
            throw CurareError(.badInput, "the file is larger than \(limit) bytes", at: path)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CurareError(.inputOutput, "the file cannot be read", at: path, next: "check its permissions")
        }
        return Array(data)
    }

    /// Checks that there is nothing at `file` yet.
    ///
    /// - Throws: ``CurareError`` (65) if there is.
    static func requireAbsent(_ file: URL, next nextStep: String) throws {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .badInput, "there is something here already", at: file.path, next: nextStep)
        }
    }
}

extension VersionReference {
    /// Parses `NAME` or `NAME@V` as a user typed it.
    ///
    /// - Throws: ``CurareError`` (65) for any other text.
    init(userInput text: String) throws {
        guard let reference = VersionReference(text) else {
            throw CurareError(
                .badInput, "\"\(text.prefix(80))\" does not name a version",
                next: "write NAME, for the newest version of that name, or NAME@V")
        }
        self = reference
    }
}

extension TriggerName {
    /// Parses the names of new triggers as a user typed them.
    ///
    /// - Throws: ``CurareError`` (65) for a name that breaks the rule.
    static func all(userInput texts: [String]) throws -> [TriggerName] {
        try texts.map { text in
            guard text != "none", let name = TriggerName(text) else {
                throw CurareError(
                    .badInput, "\"\(text.prefix(80))\" cannot name a trigger",
                    next: "\(TriggerName.rule); \"none\" is reserved")
            }
            return name
        }
    }
}
