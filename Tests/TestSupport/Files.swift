import Foundation

/// Runs `body` with a new folder (mode 0700), and removes the folder afterwards.
package func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "curare-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    // A failed removal leaves a folder in the temporary directory and does not affect the test.
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Returns the permission bits of a file or folder.
package func permissions(_ file: URL) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    guard let number = attributes[.posixPermissions] as? NSNumber else { throw CocoaError(.fileReadUnknown) }
    return number.intValue & 0o777
}

/// Returns the names in a folder, sorted.
package func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}
