import Foundation
import Testing

@testable import Imaging

/// What a version's provenance says of the libraries, held against what else is known of them here.
@Suite struct LibrariesTests {
    private let versions = ImagingLibraries.versions

    @Test func whatDecidesAJPEGsPixelsIsNamed() throws {
        let said = try #require(versions["libjpeg"])
        let number = try #require(said.wholeMatch(of: /turbo (\d+\.\d+(?:\.\d+)?)/)?.1)
        // The library is told as it runs; Debian's package of it has the same number.
        #expect(try package("libjpeg62-turbo").map { $0 == String(number) } ?? true, "\(said)")
    }

    @Test(arguments: [
        ("libpng", "libpng16-16"), ("libtiff", "libtiff6"), ("libwebp", "libwebp7"), ("libheif", "libheif1"),
        ("libde265", "libde265-0"), ("lcms2", "liblcms2-2"),
    ])
    func otherCodecsSayTheirPackagesVersion(_ library: String, _ name: String) throws {
        let package = try package(name)
        guard let said = versions[library] else {
            return #expect(package == nil, "\(library) \(package ?? "") is here and says nothing")
        }
        #expect(said.wholeMatch(of: /\d+\.\d+(\.\d+)*/) != nil, "\(said)")
        if let package { #expect(package == said || "\(said).0" == package) }
    }

    @Test func oneThatIsNotLoadedIsNotNamed() {
        #expect(Vips.version(of: "libnothing") == nil && Vips.version(of: "") == nil)
        #expect(versions.values.allSatisfy { !$0.isEmpty && $0.count < 64 })
    }

    /// The version of a Debian package without epoch and revision; nil where it is not installed, or this is no Debian.
    private func package(_ name: String) throws -> String? {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-query") else { return nil }
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/dpkg-query")
        process.arguments = ["--show", "--showformat", "${Version}", name]
        (process.standardOutput, process.standardError) = (out, FileHandle.nullDevice)
        try process.run()
        let said = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return said.firstMatch(of: /^(?:\d+:)?(\d[0-9.]*)/).map { String($0.1) }
    }
}
