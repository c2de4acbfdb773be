import ArgumentParser
import Core
import Demo
import Foundation

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Draw a made-up study to try everything on.",
        discussion: """
            Volunteers that never lived, photographed bare and with the study's seven triggers, as session folders and three recipes. The same seed draws the same photos.

            Example: curare demo demo-photos
            """)

    @Argument(help: "The folder to write to; it must not exist yet.") var dir: String
    @Option(help: ArgumentHelp("What the faces are drawn from.", valueName: "s")) var seed = 1
    @OptionGroup var options: CommonOptions

    func run() throws {
        let folder = URL(filePath: dir, directoryHint: .isDirectory)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw CurareError(
                .badInput, "there is something here already", at: folder.path,
                next: "name a folder that does not exist yet")
        }
        let progress = options.progress("drawing", unit: "photos")
        let summary: DemoStudy.Summary
        do { summary = try DemoStudy(seed: seed).write(to: folder) { progress.update($0, of: $1) } } catch let error
            as CocoaError
        {
            throw CurareError(
                .inputOutput, "the study could not be written: \(error.localizedDescription)", at: folder.path)
        }
        progress.end()
        let answer = Answer(
            dir: folder.path, sessions: summary.sessionFolders.map(\.path), recipes: summary.recipes.map(\.path),
            photos: summary.photos)
        options.answer(
            answer,
            """
            drew \(summary.photos) photos in \(summary.sessions) sessions
            next: curare init study
                  curare import \(dir)/sessions/* --workspace study
                  curare split \(dir)/sunglasses-25.yaml --workspace study
                  curare validate sunglasses-25 --workspace study
            """)
    }

    private struct Answer: Encodable {
        let dir: String
        let sessions, recipes: [String]
        let photos: Int
    }
}
