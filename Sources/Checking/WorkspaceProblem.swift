import Core

/// A fault of a workspace.
public struct WorkspaceProblem: Hashable, Sendable {
    /// The kinds of faults. The raw values are those of `curare check --json`.
    public enum Kind: String, CaseIterable, Sendable {
        /// The catalog is not a database, has damaged pages, or has invalid records.
        case damagedCatalog = "damaged-catalog"
        /// An index of the catalog is missing or does not match its table.
        case damagedIndex = "damaged-index"
        /// Records of the catalog refer to records that do not exist.
        case brokenReference = "broken-reference"
        /// A table, trigger or view of the catalog differs from the schema.
        case otherSchema = "other-schema"
        /// A label of a person whom the study does not have.
        case labelWithoutPerson = "label-without-person"
        /// A withdrawal is not complete.
        case pendingWithdrawal = "pending-withdrawal"
        /// A file of a photo that was withdrawn.
        case withdrawnPhoto = "withdrawn-photo"
        /// A photo without its original file.
        case missingOriginal = "missing-original"
        /// An original file with other bytes.
        case changedOriginal = "changed-original"
        /// A file among the originals that the catalog does not have.
        case unknownOriginal = "unknown-original"
        case missingImage = "missing-image"
        /// An image with other pixels.
        case changedImage = "changed-image"
        /// A file among the images that the catalog does not have.
        case unknownImage = "unknown-image"
        /// A version whose files do not have their digests, or are missing.
        case damagedVersion = "damaged-version"
        /// A run whose request, report, page or predictions are damaged or missing.
        case damagedRun = "damaged-run"
        case missingModel = "missing-model"
        /// A model with other weights.
        case changedModel = "changed-model"
        /// A damaged file of an unfinished run.
        case changedCheckpoint = "changed-checkpoint"
        /// Damaged stored features.
        case changedFeatures = "changed-features"
        /// A file in quarantine without a readable note.
        case damagedQuarantine = "damaged-quarantine"
        /// A leftover file or folder of a process that was killed, or a file that a finished run does not need.
        case leftover
        /// A file or folder that Curare did not create.
        case unknownFile = "unknown-file"
        /// A file or folder with wrong permissions: other users have access, or the owner has too little access.
        case permissions
        case missingFolder = "missing-folder"
        /// A file or folder that cannot be read.
        case unreadable
    }

    public let kind: Kind
    /// The path of the file or folder, relative to the workspace.
    public let path: String
    public let detail: String
    /// Whether ``WorkspaceRepair`` can repair the fault, because what is wrong can be made again from what is right.
    public let isRepairable: Bool
    /// The photo whose file is missing or changed.
    public let photo: PhotoID?

    public init(
        _ kind: Kind, _ path: String, _ detail: String, isRepairable: Bool = false, photo: PhotoID? = nil
    ) {
        self.kind = kind
        self.path = path
        self.detail = detail
        self.isRepairable = isRepairable
        self.photo = photo
    }
}
