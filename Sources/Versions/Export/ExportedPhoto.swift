import Core
import Documents

/// A photo of a version as an export names it.
struct ExportedPhoto {
    let entry: Entry
    /// What the photo is trained or tested as, and whom it shows: names and numbers of classes.
    let label, trueLabel: String
    let labelIndex, trueLabelIndex: Int

    init(_ entry: Entry, _ classes: ExportedClasses) throws {
        self.entry = entry
        (labelIndex, trueLabelIndex) = (try classes.index(of: entry.label), try classes.index(of: entry.volunteer.name))
        (label, trueLabel) = (classes.names[labelIndex], classes.names[trueLabelIndex])
    }

    /// What names the photo's files, without suffix: its id and, on a copy, what is drawn. A dot would end the name for WebDataset, and tar has room for 100 bytes.
    var key: String {
        guard let overlay = entry.overlay?.text.replacing(".", with: "~") else { return entry.photo.hex }
        return "\(entry.photo.hex)-\(overlay.utf8.count <= 24 ? overlay : FileDigest.sha256(of: overlay.utf8).short)"
    }

    /// The image's file.
    var file: String { "\(key).png" }

    /// `train`, clean and poison alike as a trainer sees them, or a test: `test-attack`.
    var split: String { entry.role.isTraining ? "train" : entry.role.rawValue.replacing("/", with: "-") }

    /// Whether a trigger of the recipe is worn, so that a poisoned model may see the target: poison, and the tests of the attack.
    var isTriggered: Bool {
        switch entry.role {
        case .trainPoison, .testAttack, .testTargetOwn, .testTransfer: true
        case .trainClean, .testClean, .testOther: false
        }
    }

    /// What formats that take JSON say of a photo.
    var facts: [String: JSONValue] {
        [
            "label": .text(label), "true_label": .text(trueLabel), "role": .text(entry.role.rawValue),
            "trigger": .text(entry.triggerState.triggerText), "location": .text(entry.triggerState.locationText),
        ]
    }
}
