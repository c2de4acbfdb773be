import Foundation

/// A tar archive in the plain `ustar` form of POSIX.1-1988: regular files of mode 0600 without owner and time, so that the same files give the same bytes.
struct TarArchive {
    private static let block = 512
    private(set) var data = Data()

    /// - Parameters:
    ///   - name: at most 100 bytes of ASCII.
    ///   - contents: less than 8 GiB.
    mutating func add(_ name: String, _ contents: Data) {
        data.append(Self.header(name, size: contents.count))
        data.append(contents)
        data.append(Data(count: (Self.block - contents.count % Self.block) % Self.block))
    }

    /// The whole archive: two empty blocks end it.
    func finished() -> Data { data + Data(count: 2 * Self.block) }

    /// Fields by offset: name 0, mode 100, owner 108, group 116, size 124, time 136, checksum 148, kind 156, magic and version 257.
    private static func header(_ name: String, size: Int) -> Data {
        var header = Data(count: block)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put(octal(0o600, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        // The sum of all bytes of the header, its own field counted as eight spaces.
        put(octal(header.reduce(8 * 32) { $0 + Int($1) }, digits: 6) + "\u{0} ", at: 148)
        return header
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
