import Foundation
import Review
import Storage

/// Opens the review page in the user's browser.
///
/// The address with the token must not be an argument of a program: every user of the machine can read the arguments of all
/// programs. The browser therefore opens a file that only the user can read, and the file leads to the page.
struct BrowserLaunch {
    private let server: ReviewServer

    init(_ server: ReviewServer) {
        self.server = server
    }

    /// Starts the browser. Does nothing without a screen. A failure is not an error: the user can open the printed address.
    func open() {
        let environment = ProcessInfo.processInfo.environment
        let hasScreen = ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
        guard hasScreen, Terminal.isInteractive else { return }
        do {
            let folder =
                environment["XDG_RUNTIME_DIR"].map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory
            let file = folder.appending(path: "curare-review-\(UUID().uuidString).html")
            try AtomicFile.write(Data(page.utf8), to: file, replaces: false)
            let program = Process()
            program.executableURL = URL(filePath: "/usr/bin/env")
            program.arguments = ["xdg-open", file.path]
            program.standardOutput = FileHandle.nullDevice
            program.standardError = FileHandle.nullDevice
            try program.run()
            Thread.detachNewThread {
                // The token in the file is useless after its use.
                Thread.sleep(forTimeInterval: 30)
                try? FileManager.default.removeItem(at: file)
            }
        } catch {
            Terminal.writeLine("the browser could not be started; open the address above")
        }
    }

    private var page: String {
        let address = server.openingAddress
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
            <meta http-equiv="refresh" content="0;url=\(address)"><title>Curare review</title></head>
            <body><p><a href="\(address)">Open the review page</a></p></body></html>

            """
    }
}
