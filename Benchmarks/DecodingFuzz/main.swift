// Decodes thousands of damaged photos of every format, each in a child process, and says as JSON what became of them.
//
//     DecodingFuzz [--count 10000] [--seed 1] [--keep FOLDER] [SEEDS_FOLDER …]
//
// Real files of the named folders are mutated beside those that it writes itself. Exit 1 where a file crashed a codec, held one up or took too much memory.
import Foundation
import Imaging

signal(SIGPIPE, SIG_IGN)

var options = Campaign.Options()
var words = CommandLine.arguments.dropFirst()[...]
// Here codecs are tried in the child itself: nothing is decoded apart, where a crash would look like any other refusal.
if words.first == Child.word { Child.serve() }
// Tests of decoding apart start this program as its child.
if words.count == 1 { ApartDecoding.serveIfAsked() }
while let word = words.popFirst() {
    switch word {
    case "--count": options.count = words.popFirst().flatMap { Int($0) } ?? options.count
    case "--seed": options.seed = words.popFirst().flatMap { UInt64($0) } ?? options.seed
    case "--keep": options.keep = words.popFirst().map { URL(filePath: $0) }
    default: options.folders.append(URL(filePath: word))
    }
}
let report = try Campaign(options).run()
let encoder = JSONEncoder()
encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
print(String(decoding: try encoder.encode(report), as: UTF8.self))
exit(report.holds ? 0 : 1)
