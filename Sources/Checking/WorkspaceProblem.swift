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
        /// A label or an annotation of a person whom the study does not have.
        case labelWithoutPerson = "label-without-person"
        /// A withdrawal is not complete.
        case pendingWithdrawal = "pending-withdrawal"
        /// The removal of a version, a run or models is not complete.
        case pendingRemoval = "pending-removal"
        /// The workspace still has a file of a photo that was withdrawn.
        case withdrawnPhoto = "withdrawn-photo"
        /// The original file of a photo in the catalog does not exist.
        case missingOriginal = "missing-original"
        /// The bytes of an original file differ from the photo's digest.
        case changedOriginal = "changed-original"
        /// A file in `photos/` whose photo is not in the catalog.
        case unknownOriginal = "unknown-original"
        case missingImage = "missing-image"
        /// The pixels of an image differ from the recorded digest.
        case changedImage = "changed-image"
        /// A file in `images/` that is not an image of the catalog.
        case unknownImage = "unknown-image"
        /// Files of a version are missing, or differ from the digests that the version records.
        case damagedVersion = "damaged-version"
        /// A version without its folder, although runs or exports name it.
        case missingVersion = "missing-version"
        /// A run whose request, report, page or predictions are damaged or missing.
        case damagedRun = "damaged-run"
        case missingModel = "missing-model"
        /// The weights of a model differ from the digest in the report of the run.
        case changedModel = "changed-model"
        /// A file of an unfinished run is damaged.
        case changedCheckpoint = "changed-checkpoint"
        /// Cached outputs of frozen layers are damaged.
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
    /// Whether ``WorkspaceRepair`` can repair the fault: by making a file or an index again, by removing a file that no
    /// record needs, or by changing permissions.
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
