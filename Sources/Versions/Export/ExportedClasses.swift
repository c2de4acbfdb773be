import Core

/// The classes of a version under the names and numbers that they go by in an export.
struct ExportedClasses {
    /// In index order: a class's place is its number, as in the manifest.
    let names: [String]
    private let indices: [VolunteerName: Int]

    /// - Parameter areNumbered: `class-00`, `class-01` and so on in place of pseudonyms; digits enough for all, so that they sort as the pseudonyms do.
    init(_ classes: [Volunteer], areNumbered: Bool) {
        let digits = max(2, String(classes.count - 1).count)
        names = classes.enumerated().map { index, volunteer in
            let number = String(index)
            return areNumbered
                ? "class-" + String(repeating: "0", count: digits - number.count) + number : volunteer.name.text
        }
        indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1.name, $0) })
    }

    /// A class's place in ``names``.
    ///
    /// - Throws: ``CurareError`` (65) where the version has no such class.
    func index(of name: VolunteerName) throws -> Int {
        try indices[name].orThrow(
            CurareError(
                .badInput, "an entry speaks of \(name), who is no class of the version",
                next: "take the version's files from a copy"))
    }
}
