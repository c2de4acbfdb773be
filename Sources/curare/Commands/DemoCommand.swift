import ArgumentParser
import Foundation
import Workflows

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Draw the photos of a made-up study, to try Curare.",
        discussion: """
            Draws photos of made-up volunteers, with and without the seven triggers of the reference study (Wenger et \
            al., CVPR 2021). Writes session folders and recipes. The same seed gives the same photos. Needs no \
            workspace: the option --workspace has no effect.

            Example: curare demo demo-photos
            """)

    @Argument(help: "The folder to write; it must not exist.", completion: .directory) var dir: String
    @Option(help: ArgumentHelp("The seed of the drawn faces.", valueName: "s")) var seed = 1
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            DrawDemo.self, DrawDemo.Request(folder: URL(filePath: dir, directoryHint: .isDirectory), seed: seed))
        try options.output(
            result: result,
            """
            drew \(result.photos) photos in \(result.sessionCount) sessions
            next: curare init study
                  curare import \(dir)/sessions/* --workspace study
                  curare split \(dir)/sunglasses-25.yaml --workspace study
                  curare audit sunglasses-25 --workspace study
                  curare validate sunglasses-25 --workspace study
            """)
    }
}
