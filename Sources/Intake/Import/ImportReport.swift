import Catalog
import Core
import Imaging

/// The counts and findings of an import.
public struct ImportReport: Sendable {
    /// A file that was not imported.
    public struct Quarantined: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        public let reason: String
    }

    /// A photo that has a clear face only after a rotation. The photo has probably lost its orientation. The import
    /// does not rotate it.
    public struct OrientationSuspect: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        /// 90, 180 or 270 degrees clockwise.
        public let turn: Int
    }

    /// A photo whose file leaves doubt about its orientation. The photo is imported.
    public struct UncertainOrientation: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        public let doubt: OrientationDoubt
    }

    /// A photo whose file name suffix does not fit the format of the content. The photo is imported.
    public struct MisnamedFile: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        /// The format of the content, a raw value of `DecodedPhoto.Format`.
        public let format: String
    }

    /// A photo whose row has no location, with the location derived from the trigger's box and the face.
    public struct SuggestedLocation: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        public let ruled: TriggerLocationEstimate
    }

    /// A photo whose trigger's box contradicts the location in the photo's row.
    public struct ContradictedLocation: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        /// The location in the row.
        public let stated: Location
        public let ruled: TriggerLocationEstimate
    }

    /// The number of new photos.
    public internal(set) var imported = 0
    /// The number of files whose photo is already in the catalog, or occurs twice in a session.
    public internal(set) var duplicates = 0
    public internal(set) var quarantined: [Quarantined] = []
    /// The number of new photos with a face.
    public internal(set) var facesFound = 0
    /// The number of new photos in which no face was found.
    public internal(set) var facesMissing = 0
    /// The number of new photos in which no face was searched, because the workspace's images are not face crops.
    public internal(set) var facesNotSearched = 0
    /// `SESSION/path` of new photos with several faces of similar size.
    public internal(set) var severalFaces: [String] = []
    public internal(set) var orientationSuspects: [OrientationSuspect] = []
    public internal(set) var uncertainOrientations: [UncertainOrientation] = []
    /// The number of new photos with each quality flag. A photo can have several flags.
    public internal(set) var flags: [QualityFlag: Int] = [:]
    public internal(set) var misnamed: [MisnamedFile] = []
    /// The number of files without a photo that were skipped, such as video clips.
    public internal(set) var skipped = 0
    public internal(set) var suggested: [SuggestedLocation] = []
    /// `SESSION/path` of photos without a location. The row gives no location, and the import cannot derive the
    /// location, because no face is known. These photos have no label.
    public internal(set) var withoutLocation: [String] = []
    public internal(set) var contradicted: [ContradictedLocation] = []
    /// The number of photos that got a label or a suggested label.
    public internal(set) var labelled = 0
    /// The number of discrepancies whose new value was stored, by kind. A dry run counts those that it would store.
    public internal(set) var corrections: [Correction.Kind: Int] = [:]
    /// The number of corrections by hand that were kept, because the session folder has not changed.
    public internal(set) var keptCorrections = 0
    /// The number of corrections by hand that newer values of the session folder replaced.
    public internal(set) var replacedCorrections = 0

    /// The number of all discrepancies whose new value was stored.
    public var corrected: Int { corrections.values.reduce(0, +) }

    /// The number of quarantined files that the operating system could not read.
    public var unreadable: Int { quarantined.count { $0.reason.hasPrefix(MeasuredPhoto.Rejection.unreadable) } }
}

extension ImportReport {
    /// Counts the discrepancies of a plan that the import applies, and the corrections by hand.
    mutating func addCorrections(of plan: ImportPlan, _ update: SheetUpdate) {
        for discrepancy in plan.discrepancies where update.includes(discrepancy.correction) {
            corrections[discrepancy.correction.kind, default: 0] += 1
            if discrepancy.replacesCorrection { replacedCorrections += 1 }
        }
        keptCorrections += plan.keptCorrections
    }

    /// Adds the photos of earlier imports of the session whose trigger's box contradicts the location in their row. An
    /// interrupted import has not listed them.
    mutating func addStoredContradictions(of plan: ImportPlan, _ catalog: Catalog) throws {
        let rows = plan.storedPhotos.filter { $0.row.label?.triggerState.single != nil }
        guard !rows.isEmpty else { return }
        let known = try catalog.known(rows.map(\.photo))
        let faces = try catalog.faces(of: rows.map(\.photo))
        for (row, photo) in rows {
            // A label by hand has decided about the location.
            guard let stored = known[photo], stored.source == .sheet, stored.label == row.label,
                let stated = row.label?.triggerState.single?.location, let box = stored.boxes[.trigger],
                let ruled = faces[photo].flatMap({ TriggerLocationEstimate(of: box, on: $0) }), ruled.location != stated
            else { continue }
            contradicted.append(
                ContradictedLocation(file: "\(plan.session.name)/\(row.file)", stated: stated, ruled: ruled))
        }
    }

    /// Counts a decoded photo. Faces and quality flags are counted for new photos only.
    mutating func add(_ planned: ImportPlan.PlannedPhoto, _ measured: MeasuredPhoto, _ session: SessionName) {
        let file = "\(session)/\(planned.row.file)"
        addLabel(of: planned, measured, file)
        if planned.isNew { addMeasures(measured, file) }
        if let doubt = measured.orientationDoubt {
            uncertainOrientations.append(UncertainOrientation(file: file, doubt: doubt))
        }
        if DecodedPhoto.Format(rawValue: measured.photo.format)?.matchesSuffix(of: planned.row.file) == false {
            misnamed.append(MisnamedFile(file: file, format: measured.photo.format))
        }
    }

    private mutating func addLabel(of planned: ImportPlan.PlannedPhoto, _ measured: MeasuredPhoto, _ file: String) {
        let ruled = measured.ruledLocation(of: planned)
        if planned.labelWithoutLocation != nil {
            if let ruled {
                suggested.append(SuggestedLocation(file: file, ruled: ruled))
            } else {
                withoutLocation.append(file)
            }
        } else if let stated = planned.label?.triggerState.single?.location, let ruled, ruled.location != stated {
            contradicted.append(ContradictedLocation(file: file, stated: stated, ruled: ruled))
        }
        if planned.label != nil || (planned.labelWithoutLocation != nil && ruled != nil) { labelled += 1 }
    }

    private mutating func addMeasures(_ measured: MeasuredPhoto, _ file: String) {
        if measured.knownFace.face != nil {
            facesFound += 1
        } else if measured.knownFace.record != nil {
            facesMissing += 1
        } else {
            facesNotSearched += 1
        }
        if measured.measures?.face?.found == .several { severalFaces.append(file) }
        for flag in measured.flags { flags[flag, default: 0] += 1 }
        if let turn = measured.measures?.face?.suspectedRotation {
            orientationSuspects.append(OrientationSuspect(file: file, turn: turn))
        }
    }
}
