import Foundation
import Testing

/// Terms that the project no longer uses do not come back, and no file names the machine of its author.
@Suite struct VocabularyTests {
    /// A term as a regular expression, and what to write instead.
    struct Term: CustomTestStringConvertible, Sendable {
        let pattern: String
        let replacement: String

        init(_ pattern: String, _ replacement: String) {
            self.pattern = pattern
            self.replacement = replacement
        }

        var testDescription: String { pattern }
    }

    static let terms = [
        Term(#"\b([Hh]ouse|[Rr]ooms?)\b"#, "package, module"),
        Term(#"Refusal"#, "CurareError"),
        Term(#"\bFingerprint\b"#, "SHA256Digest"),
        Term(#"[Ll]ikeness"#, "perceptual hash"),
        Term(#"\b(Worn|Outfit|Wears|Wearing)\b"#, "TriggerPlacement, TriggerState"),
        Term(#"\b(Appearance|Arrival)\b"#, "SessionPhoto, NewPhoto"),
        Term(#"\b[Ss]itters?\b|\b[Ss]ittings?\b"#, "SessionVolunteer, shoot"),
        Term(#"\b[Cc]ompanions?\b"#, "CoSubject"),
        Term(#"\b(Spelling|WholeNumber)\b"#, "InternedString, Int32Backed"),
        Term(
            #"\b([Ss]helf|[Ss]helves|NewFolder|FilePieces|DurableFile)\b"#,
            "FileIndex, AtomicDirectory, ChunkedFileReader, AtomicFile"),
        Term(#"\b(LabelBook|StudyPeople|KnownWords)\b"#, "LabelCache, ConsentIndex, TokenCache"),
        Term(#"\b(Belt|Workers|Processors|NextPlace)\b|\bconcurrently\("#, "ThreadBudget"),
        Term(#"\bCheckpointPace\b"#, "CheckpointThrottle"),
        Term(#"\bnearest\(to:"#, "closestMatch(to:)"),
        Term(
            #"\b(PhotoSieve|PoisonChoice|DigitalPool|CopyKey|DrawnCopy)\b"#,
            "PhotoFilterEvaluator, PoisonSelection, SampleID, OverlaidImage"),
        Term(#"\b(PhotoHeap|rehearsed?|rehearsal)\b"#, "PhotoDirectory, dryRun"),
        Term(#"\b[Dd]oubtful\b|\bConcernedExport\b"#, "needs review, AffectedExport"),
        Term(
            #"\b(TestedByAll|TrainingWay|PastRun|KeptMaps|SeenPhoto)\b"#,
            "PredictionRow, TrainingStrategy, RunArchive, FeatureCache, ModelInput"),
        Term(#"\b(MapStrip|PhotoStrip)\b"#, "SaliencyGallery, PhotoGallery"),
        Term(#"Answer\b"#, "Result of a workflow, Response of a process"),
        Term(#"\b(Share|RegionShares)\b"#, "Proportion"),
        Term(#"[Ww]earing:|AcrossWearing"#, "accessories, TriggerState"),
        Term(#"\b([Ss]a(y|ys|id)|[Tt](ells|old))\b"#, "description, message, report"),
        Term(#"\bApart(Child|Decoding|Messages|Server)\b|decode-apart"#, "SandboxedDecoder"),
        Term(#"\b[Ss]tencil\b"#, "CoverageMask"),
        Term(#"\bwayBack\b|\b[Ww]ay back\b|\bways back\b"#, "backward"),
        Term(#"\b(ChannelLine|JoinedBatchNorm)\b"#, "ChannelAffine, ConcatBatchNorm"),
        Term(#"Winograd's way"#, "Winograd convolution"),
        Term(#"\b[Hh](ang|angs|ung) on\b"#, "depends on"),
        Term(#"\b[Mm]end(s|ed|ing)?\b"#, "fix"),
        Term(#"\b([Ww]hoever|[Tt]hereof|[Ll]est|[Uu]pon)\b"#, "anyone who, of it, so that not, on"),
        Term(#"[Hh]eld against\b"#, "compared with"),
        Term(#"the answer is no\b"#, "completed, negative result"),
        Term(#"\bpassed over\b"#, "skipped"),
        Term(#"\bto be looked at\b"#, "needs review"),
        Term(#"not decisive"#, "inconclusive"),
    ]

    /// Lines in which a term is data: changing the text would change pixels, a stored format or a JSON key. A line
    /// below `path` is an exception if it contains `text`.
    static let exceptions: [(path: String, text: String)] = [
        ("Sources/Demo/", #""sitter""#),
        ("Benchmarks/NearDuplicateBench/main.swift", #"case hashes = "likeness""#),
        ("Benchmarks/README.md", "`likeness"),
        ("Benchmarks/run", #"\"likeness\":"#),
    ]

    /// Returns the lines of the repository's text files that match an extended regular expression, as `path:line: text`.
    /// Build products are left out, and so is this file.
    private static func lines(matching pattern: String) throws -> [String] {
        let grep = Process()
        let output = Pipe()
        grep.executableURL = URL(filePath: "/usr/bin/grep")
        grep.currentDirectoryURL = Repository.root
        grep.arguments =
            ["-rnIE", "--exclude=VocabularyTests.swift", "--exclude=LICENSE"]
            + [".git", ".build*", ".scratch", ".swiftpm", "__pycache__"].map { "--exclude-dir=\($0)" }
            + ["--exclude-dir=./demo", "-e", pattern, "."]
        grep.standardOutput = output
        try grep.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        grep.waitUntilExit()
        // 1 is: no line matches.
        try #require(grep.terminationStatus <= 1)
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map { String($0.dropFirst(2)) }
    }

    @Test(arguments: terms) func noOldTermComesBack(_ term: Term) throws {
        let found = try Self.lines(matching: term.pattern).filter { line in
            !Self.exceptions.contains { line.hasPrefix($0.path) && line.contains($0.text) }
        }
        #expect(found == [], "write: \(term.replacement)")
    }

    @Test func noFileNamesTheMachineOfItsAuthor() throws {
        #expect(try Self.lines(matching: #"(^|[^[:alnum:]_.])/(w[o]rk|h[o]me|f[a]rm)/[a-z]"#) == [])
    }

    @Test func theSearchFindsTextOfThisRepository() throws {
        #expect(try !Self.lines(matching: "^# Curare$").isEmpty)
    }
}
