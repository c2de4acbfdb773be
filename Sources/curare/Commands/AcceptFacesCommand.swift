import ArgumentParser
import Workflows

struct AcceptFacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accept suggested faces: store their boxes as if session.csv marked them.",
        discussion: """
            Where no face was found, Curare suggests the place of the face in the person's other photos of the same \
            session. View the suggestions first: curare sheet --face suggested --out suggested.html

            An accepted box counts as the face, and the image of the photo is made again. A later face search does not \
            change the box. Existing versions stay as they are: split a recipe again to use the new images.

            --all and --session leave out photos that have probably lost their orientation. Name such a photo to accept \
            its suggestion.

            Name a photo by the first six or more digits of its id, or by SESSION/FILE.

            Examples:
              curare faces accept 3fa94c 2026-05-03/IMG_0007.jpg
              curare faces accept --session 2026-05-03 --dry-run
            """)

    @Argument(help: "The photos whose suggested face is accepted.") var photos: [String] = []
    @Flag(help: "Accept all suggested faces.") var all = false
    @Option(help: ArgumentHelp("Accept all suggested faces of this session.", valueName: "s")) var session: String?
    @Flag(help: "List the suggested faces and change nothing.") var dryRun = false
    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard [!photos.isEmpty, all, session != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("Name photos, or --session, or --all.")
        }
    }

    func run() throws {
        let selection: AcceptFaces.Request.Selection =
            all ? .all : session.map(AcceptFaces.Request.Selection.session) ?? .photos(photos)
        let result = try options.run(
            AcceptFaces.self, AcceptFaces.Request(selection, dryRun: dryRun, author: author.name))
        try options.output(result: result, AcceptFacesText.text(result))
    }
}
