// Decodes thousands of damaged photos of every format in child processes, as an import does, and prints a report as JSON.
//
//     DecodingFuzz [--count 10000] [--seed 1] [--keep FOLDER] [PHOTO_FOLDER …]
//
// The photos are written by the program itself, progressive, thin and huge ones included, and read from the folders. The
// exit status is 1 if a file ended the process, made it hang, needed too much memory, or was refused without a reason,
// and 64 if an argument is invalid.
import Foundation
import Imaging

signal(SIGPIPE, SIG_IGN)

if CommandLine.arguments.dropFirst().first == FuzzChild.argument { FuzzChild.serve() }
// The fuzz child and the tests of SandboxedDecoder start this program as their decoding process.
if CommandLine.arguments.count == 2 { SandboxedDecoder.serveIfRequested() }

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("DecodingFuzz: \(message)\n".utf8))
    exit(64)
}

var options = Campaign.Options()
var arguments = CommandLine.arguments.dropFirst()[...]
while let argument = arguments.popFirst() {
    guard argument.hasPrefix("--") else {
        options.folders.append(URL(filePath: argument))
        continue
    }
    guard let value = arguments.popFirst() else { fail("\(argument) needs a value") }
    switch argument {
    case "--count":
        guard let count = Int(value), count > 0 else { fail("--count needs a positive number, not \(value)") }
        options.count = count
    case "--seed":
        guard let seed = UInt64(value) else { fail("--seed needs a number from 0 up, not \(value)") }
        options.seed = seed
    case "--keep": options.keep = URL(filePath: value)
    default: fail("unknown option \(argument)")
    }
}
let report = try Campaign(options).run()
let encoder = JSONEncoder()
encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
print(String(decoding: try encoder.encode(report), as: UTF8.self))
exit(report.passed ? 0 : 1)
