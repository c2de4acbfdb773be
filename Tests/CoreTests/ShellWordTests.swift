import Foundation
import Testing

@testable import Core

@Suite struct ShellWordTests {
    @Test func plainPathsStayAsTheyAre() {
        #expect(ShellWord.quoted("/data/2026-05-03/s_1.csv") == "/data/2026-05-03/s_1.csv")
    }

    @Test(arguments: ["", "my photos", "it's", "$HOME/`x`", "a*b", "~x", "é"])
    func theShellReadsOneWord(_ text: String) throws {
        let shell = Process()
        let output = Pipe()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "printf %s: \(ShellWord.quoted(text))"]
        shell.standardOutput = output
        try shell.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        #expect(String(decoding: data, as: UTF8.self) == "\(text):")
    }
}
