import Foundation

/// The built `curare` program, for tests of its output and exit status.
struct BuiltProgram {
    let status: Int32
    let out, err: String

    /// - Parameter folder: receives files with the program's standard output and error.
    init(_ arguments: [String], in folder: URL) throws {
        var place = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent() ?? folder
        while place.path != "/", !FileManager.default.isExecutableFile(atPath: place.appending(path: "curare").path) {
            place.deleteLastPathComponent()
        }
        let files = ["out", "err"].map { folder.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        let process = Process()
        process.executableURL = place.appending(path: "curare")
        process.arguments = arguments
        (process.standardOutput, process.standardError) = (
            try FileHandle(forWritingTo: files[0]), try FileHandle(forWritingTo: files[1])
        )
        try process.run()
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        (out, err) = (
            try String(contentsOf: files[0], encoding: .utf8), try String(contentsOf: files[1], encoding: .utf8)
        )
    }
}
