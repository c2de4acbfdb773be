import Foundation

/// A folder for one test. The folder is deleted with this value.
public final class Scratch: Sendable {
    public let root: URL

    public init() throws {
        root = FileManager.default.temporaryDirectory.appending(
            path: "curare-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: root)
        } catch {
            print("the test folder \(root.path) could not be deleted: \(error)")
        }
    }

    public func url(_ path: String) -> URL { root.appending(path: path) }

    public func path(_ path: String) -> String { url(path).path }

    @discardableResult
    public func write(_ text: String, to path: String) throws -> String {
        try write(Data(text.utf8), to: path)
    }

    /// Writes the partial file that a process leaves when it is killed while it writes the file at `path`.
    public func writeAbandoned(_ path: String) throws -> URL {
        let file = url(path)
        let name = ".\(file.lastPathComponent).\(UUID().uuidString).partial"
        let partial = file.deletingLastPathComponent().appending(path: name)
        try Data("x".utf8).write(to: partial)
        return partial
    }

    @discardableResult
    public func write(_ data: Data, to path: String) throws -> String {
        let file = url(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }
}

/// Returns the bytes of all files below a folder, by relative path. The result is empty if there is no folder.
public func bytes(below folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    guard let paths = FileManager.default.enumerator(atPath: folder.path) else { return [:] }
    for case let path as String in paths {
        var isFolder: ObjCBool = false
        let file = folder.appending(path: path)
        if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue {
            found[path] = try Data(contentsOf: file)
        }
    }
    return found
}

/// Replaces text in a file, also in a file that may only be read.
public func replace(_ text: String, with other: String, in file: URL, maxReplacements: Int = .max) throws {
    let whole = try String(contentsOf: file, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    try Data(whole.replacing(text, with: other, maxReplacements: maxReplacements).utf8).write(to: file)
}

/// Runs a Python program, and returns its exit status and everything that it prints.
public func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
}
