import ArgumentParser
import Foundation
import Review
import Workflows

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Look at photos and correct their labels and boxes in a browser on this machine.",
        discussion: """
            The command prints the address of the page, and opens the page in the browser if there is a screen. The \
            address can be used once. Start the command again for another browser. Only programs on this machine can \
            connect, and only the browser that opened the address sees photos. The command runs until Ctrl-C.

            Each change is stored at once, with your name and the time: see curare label --history. The page works while \
            an import runs. Two people can review at the same time; the page shows a conflict when both change a photo.

            On another machine, forward the port first: ssh -L 8080:127.0.0.1:8080 HOST, then use --port 8080 there.

            Example: curare review --author "Ada Lovelace"
            """)

    @Option(help: ArgumentHelp("The port on 127.0.0.1; default: a free one.", valueName: "n")) var port: Int?
    @Flag(help: "Do not open the browser.") var noOpen = false
    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        try OptionChecks.number(port, in: 1...65_535, "--port")
    }

    func run() throws {
        let study = try ReviewStudy(options.context, author: author.name)
        let server = try ReviewServer(study, port: port ?? 0, threads: options.threads)
        try options.output(server.result, text(server, study))
        // A program that reads the address waits for it.
        fflush(nil)
        if !noOpen, !options.json { BrowserLaunch(server).open() }
        try server.run()
    }

    private func text(_ server: ReviewServer, _ study: ReviewStudy) -> String {
        let name = study.author.map { "Changes are stored with the name \($0)." }
        let nameless = "Changes are stored without a name; give one with --author."
        return """
            \(server.address)
            Open this address in a browser on this machine. It can be used once. Ctrl-C ends the page.
            \(study.isReadOnly ? "Nothing can be written in this workspace: the page only shows photos." : name ?? nameless)
            """
    }
}
