import Foundation
import Testing

@testable import Imaging

/// Compares the reported library versions with the installed Debian packages.
@Suite struct VipsTests {
    private let versions = ImagingLibraries.versions

    @Test func jpegLibraryIsReported() throws {
        let reported = try #require(versions["libjpeg"])
        let number = try #require(reported.wholeMatch(of: /turbo (\d+\.\d+(?:\.\d+)?)/)?.1)
        // Debian's package of the loaded library has the same version.
        #expect(try package("libjpeg62-turbo").map { $0 == String(number) } ?? true, "\(reported)")
    }

    @Test(arguments: [
        ("libpng", "libpng16-16"), ("libtiff", "libtiff6"), ("libwebp", "libwebp7"), ("libheif", "libheif1"),
        ("libde265", "libde265-0"), ("lcms2", "liblcms2-2"),
    ])
    func codecVersionsMatchTheirPackages(_ library: String, _ name: String) throws {
        let package = try package(name)
        guard let reported = versions[library] else {
            return #expect(package == nil, "\(library) \(package ?? "") is installed, but has no version")
        }
        #expect(reported.wholeMatch(of: /\d+\.\d+(\.\d+)*/) != nil, "\(reported)")
        if let package { #expect(package == reported || "\(reported).0" == package) }
    }

    @Test func unknownCodecHasNoVersion() {
        #expect(Vips.version(of: "libnothing") == nil && Vips.version(of: "") == nil)
        #expect(versions.values.allSatisfy { !$0.isEmpty && $0.count < 64 })
    }

    /// Returns the version of a Debian package without epoch and revision; nil if the package is not installed, or the
    /// system is not Debian.
    private func package(_ name: String) throws -> String? {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-query") else { return nil }
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/dpkg-query")
        process.arguments = ["--show", "--showformat", "${Version}", name]
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        let reported = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return reported.firstMatch(of: /^(?:\d+:)?(\d[0-9.]*)/).map { String($0.1) }
    }
}
