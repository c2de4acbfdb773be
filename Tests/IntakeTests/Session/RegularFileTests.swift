import Core
import Foundation
import Storage
import Testing

@testable import Intake

/// Reading files of any kind and size, which can change meanwhile.
@Suite struct RegularFileTests {
    @Test("The bytes and the digest are those of the file") func content() throws {
        try withFolder { folder in
            let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let url = folder.appending(path: "a")
            try Data(bytes).write(to: url)
            let file = try RegularFile(url)
            #expect(file.size == bytes.count)
            #expect(try file.photoID() == .sha256(of: bytes))
            #expect(try file.bytes(limit: bytes.count) == bytes)
            let error = #expect(throws: CurareError.self) { try file.bytes(limit: bytes.count - 1) }
            #expect(error?.message == "the file has 2500000 bytes, more than the limit of 2499999")
        }
    }

    @Test("A pipe is rejected without waiting for a writer", .timeLimit(.minutes(1))) func pipe() throws {
        try withFolder { folder in
            let pipe = folder.appending(path: "pipe")
            #expect(mkfifo(pipe.path, 0o600) == 0)
            let error = #expect(throws: CurareError.self) { try RegularFile(pipe) }
            #expect(error?.message == "this is no regular file")
        }
    }

    @Test("A folder, a device and a missing file are rejected") func notRegular() throws {
        try withFolder { folder throws in
            for url in [folder, URL(filePath: "/dev/zero"), folder.appending(path: "none")] {
                let error = #expect(throws: CurareError.self) { try RegularFile(url) }
                #expect(error?.code == .inputOutput)
                #expect(error?.location == url.path)
            }
        }
    }

    @Test("Reading a growing file stops at the limit") func growingFile() throws {
        try withFolder { folder in
            let url = folder.appending(path: "a")
            try Data([1, 2, 3]).write(to: url)
            let file = try RegularFile(url)
            try FileHandle(forWritingTo: url).write(contentsOf: Data(repeating: 0, count: 100))
            #expect(throws: CurareError.self) { try file.bytes(limit: 50) }
        }
    }
}
