import Core
import Foundation
import Storage
import Testing

@testable import Intake

/// A file is read without trusting its kind, its size, or that it stays the same.
@Suite struct RegularFileTests {
    @Test func bytesAndDigestAreThoseOfTheFile() throws {
        try withFolder { folder in
            let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let url = folder.appending(path: "a")
            try Data(bytes).write(to: url)
            let file = try RegularFile(url)
            #expect(file.size == bytes.count)
            #expect(try file.photoID() == .sha256(of: bytes))
            #expect(try file.bytes(limit: bytes.count) == bytes)
            let refusal = #expect(throws: CurareError.self) { try file.bytes(limit: bytes.count - 1) }
            #expect(refusal?.message == "the file has 2500000 bytes, more than the limit of 2499999")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aPipeIsRefusedWithoutWaitingForAWriter() throws {
        try withFolder { folder in
            let pipe = folder.appending(path: "pipe")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            let refusal = #expect(throws: CurareError.self) { try RegularFile(pipe) }
            #expect(refusal?.message == "this is no regular file")
        }
    }

    @Test func aFolderADeviceAndNothingAreRefused() throws {
        try withFolder { folder throws in
            for url in [folder, URL(filePath: "/dev/zero"), folder.appending(path: "none")] {
                let refusal = #expect(throws: CurareError.self) { try RegularFile(url) }
                #expect(refusal?.code == .inputOutput)
                #expect(refusal?.location == url.path)
            }
        }
    }

    @Test func aFileThatGrowsWhileItIsReadStopsAtTheLimit() throws {
        try withFolder { folder in
            let url = folder.appending(path: "a")
            try Data([1, 2, 3]).write(to: url)
            let file = try RegularFile(url)
            try FileHandle(forWritingTo: url).write(contentsOf: Data(repeating: 0, count: 100))
            #expect(throws: CurareError.self) { try file.bytes(limit: 50) }
        }
    }
}
