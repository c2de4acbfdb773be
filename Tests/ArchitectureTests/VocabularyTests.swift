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
        Term(#"\b(MapAnswer|MapStrip|PhotoStrip)\b"#, "SaliencyResult, SaliencyGallery, PhotoGallery"),
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

    private static let endings: Set = [
        "swift", "c", "h", "cpp", "md", "py", "sql", "json", "yaml", "yml", "txt", "sh", "Makefile", "run", "setup",
        "demo", "cff",
    ]

    private static func files() throws -> [(path: String, text: String)] {
        try Repository.files(below: ".", endings: endings)
            .map { ($0.path.hasPrefix("./") ? String($0.path.dropFirst(2)) : $0.path, $0.text) }
            .filter { !$0.path.hasSuffix("VocabularyTests.swift") && !$0.path.hasPrefix(".git/") }
    }

    @Test(arguments: terms) func noOldTermComesBack(_ term: Term) throws {
        let pattern = try Regex(term.pattern)
        var found: [String] = []
        for (path, text) in try Self.files() {
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.contains(pattern) {
                let isException = Self.exceptions.contains { path.hasPrefix($0.path) && line.contains($0.text) }
                if !isException { found.append("\(path):\(index + 1)") }
            }
        }
        #expect(found == [], "write: \(term.replacement)")
    }

    @Test func noFileNamesTheMachineOfItsAuthor() throws {
        let pattern = try Regex(#"(^|[^\w.])/(w[o]rk|h[o]me|f[a]rm)/[a-z]"#)
        var found: [String] = []
        for (path, text) in try Self.files() {
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where line.contains(pattern) {
                found.append("\(path):\(index + 1)")
            }
        }
        #expect(found == [])
    }

    @Test func theListRecognizesATermInASentence() throws {
        #expect(try "it hangs on the size".contains(Regex(#"\b[Hh](ang|angs|ung) on\b"#)))
        #expect(try !"the change depends on the size".contains(Regex(#"\b[Hh](ang|angs|ung) on\b"#)))
    }
}
