import ArgumentParser
import Intake

/// The photos of `curare label`, and their new values.
struct LabelOptions: ParsableArguments {
    @Argument(help: "The photos.") var photos: [String] = []
    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Select photos by the keys volunteer, trigger, location, session, source, suggested.",
            valueName: "key=value,...")) var selection: String?
    @Option(help: ArgumentHelp("The volunteer.", valueName: "name")) var volunteer: String?
    @Option(
        help: ArgumentHelp("The triggers, joined by +. Write `none` if the photos show no trigger.", valueName: "t"))
    var trigger: String?
    @Option(help: ArgumentHelp("The locations: on-face or off-face for each trigger, joined by +.", valueName: "l"))
    var location: String?
    @Option(
        help: ArgumentHelp(
            "The box around the trigger in pixels of the upright photo; `none` removes the box.", valueName: "x y w h"))
    var box: String?
    @Option(
        help: ArgumentHelp(
            "The box around the face in pixels of the upright photo; `none` removes the box.", valueName: "x y w h"))
    var faceBox: String?

    var change: LabelChange {
        LabelChange(volunteer: volunteer, trigger: trigger, location: location, triggerBox: box, faceBox: faceBox)
    }

    var namesPhotos: Bool { !photos.isEmpty || selection != nil }

    /// - Throws: ``CurareError`` (64) if the selection is not a list of `key=value`.
    var choice: PhotoChoice {
        get throws {
            if let selection { return .matching(try PhotoSelection(selection)) }
            return .named(photos.map(PhotoReference.init))
        }
    }

    func validate() throws {
        try requireQuotes(box, "--box")
        try requireQuotes(faceBox, "--face-box")
        guard photos.isEmpty || selection == nil else {
            throw ValidationError("Name photos or select them with --where, not both.")
        }
    }

    /// Checks that the box is not the first of four numbers without quotes. The shell then passes the other three as
    /// photos.
    private func requireQuotes(_ box: String?, _ option: String) throws {
        guard let box, Int(box) != nil else { return }
        // The id of a photo has six or more digits.
        let numbers = photos.map { Int($0) != nil && $0.count < 6 }
        guard let start = photos.indices.first(where: { numbers[$0...].prefix(3) == [true, true, true] }) else {
            return
        }
        let all = ([box] + photos[start...].prefix(3)).joined(separator: " ")
        throw ValidationError("Put the four numbers in quotes: \(option) \"\(all)\"")
    }
}
