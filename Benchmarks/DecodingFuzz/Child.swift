import Foundation
import Imaging

/// The side that decodes: reads a length and a file, over and over, and answers each with a line of its verdict and what it took.
enum Child {
    static let word = "--child"

    static func serve() -> Never {
        // Far above what is allowed: what takes more than that is told by measuring, and the machine stays whole.
        var limit = rlimit(rlim_cur: 6 << 30, rlim_max: 6 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        while let size = Pipe8.readNumber(0), let bytes = Pipe8.read(0, Int(size)) {
            // Starts the measure of the highest memory anew.
            try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
            let verdict: String
            do {
                // Whole, and by the shorter way that an import takes for large photos.
                let photo = try DecodedPhoto(bytes)
                _ = try DecodedPhoto(bytes) { _, _ in .quarter }
                verdict = "read \(photo.format.rawValue)"
            } catch let error as ImagingError {
                verdict = "refused \(error.code.rawValue)"
            } catch {
                verdict = "unnamed \(error)"
            }
            guard Pipe8.write(1, Array("\(highestMemory()) \(verdict)\n".utf8)) else { break }
        }
        exit(0)
    }

    /// Kilobytes.
    private static func highestMemory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
}

/// Whole numbers and blocks over a pipe.
enum Pipe8 {
    static func read(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + done, count - done) }
            guard got > 0 else { return nil }
            done += got
        }
        return bytes
    }

    static func readNumber(_ descriptor: Int32) -> UInt64? {
        read(descriptor, 8)?.reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            guard put > 0 else { return false }
            done += put
        }
        return true
    }

    static func write(_ descriptor: Int32, number: UInt64) -> Bool {
        write(descriptor, (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) })
    }
}
