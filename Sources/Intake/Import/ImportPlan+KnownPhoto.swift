import Catalog
import Core

/// Which values of the session folders replace different values of the catalog.
public enum SheetUpdate: Sendable {
    case none
    /// The boxes, the notes and the people in `also`.
    case details
    /// All values of `session.csv` and `session.yaml`.
    case all

    /// Returns whether the value of the session folder replaces the value of the catalog.
    public func includes(_ correction: Correction) -> Bool {
        switch self {
        case .none: false
        case .details: [.boxes, .notes, .also].contains(correction.kind)
        case .all: true
        }
    }
}

/// Comparison of a row with the values that the catalog has for the photo.
///
/// A correction by hand counts until the session folder changes. The catalog therefore keeps the last value from a
/// session folder next to the correction. A row with this value is unchanged, and the correction stays. A row with
/// another value is newer than the correction.
extension ImportPlan {
    /// Plans the import of a photo, and records the values of its row that differ from the catalog.
    ///
    /// - Parameter known: the photo's record; nil for a new photo.
    mutating func add(_ row: SessionRow, _ photo: PhotoID, _ known: KnownPhoto?) {
        guard let known else {
            photos.append(
                PlannedPhoto(
                    row: row, photo: photo, isNew: true, label: row.label,
                    labelWithoutLocation: row.labelWithoutLocation))
            return
        }
        duplicateFiles.append(row.file)
        let isInSession = known.notes[session.name] != nil
        // A person's label replaces a suggestion. It contradicts another person's label.
        let labelByPerson = known.isSuggested ? nil : known.label
        let newLabel = labelByPerson == nil ? row.label : nil
        let newLabelWithoutLocation = known.label == nil ? row.labelWithoutLocation : nil
        if !isInSession || newLabel != nil || newLabelWithoutLocation != nil {
            photos.append(
                PlannedPhoto(
                    row: row, photo: photo, isNew: false, label: newLabel,
                    labelWithoutLocation: newLabelWithoutLocation))
        } else {
            storedPhotos.append((row, photo))
        }
        compareLabelWithoutLocation(row, known)
        if let label = row.label, let labelByPerson {
            compareLabel(row, photo, label, labelByPerson, isInSession: isInSession, known)
        }
        if isInSession { compareDetails(row, photo, known) }
    }

    private mutating func compareLabelWithoutLocation(_ row: SessionRow, _ known: KnownPhoto) {
        guard let open = row.labelWithoutLocation, let label = known.label else { return }
        let possible = Location.allCases.map(open.label)
        guard !possible.contains(label) else { return }
        // A suggestion, or no label at all, shows that the last import had a row without a location too.
        let isUnchanged =
            known.lastLabels[.sheet] == nil && (known.lastLabels[.rule].map { possible.contains($0) } ?? true)
        if known.source == .review, isUnchanged {
            keptCorrections += 1
            return
        }
        addProblem(
            at: row,
            "\(row.file): the catalog has \(Self.description(of: label)), "
                + "the session folder has \(Self.description(of: row)); "
                + "write the location too, or the label of the catalog")
    }

    private mutating func compareLabel(
        _ row: SessionRow, _ photo: PhotoID, _ label: Label, _ stored: Label, isInSession: Bool, _ known: KnownPhoto
    ) {
        let isCorrected = known.source == .review
        let isUnchanged = known.lastLabels[.sheet] == label
        guard label != stored else {
            // The label of a shared photo stays a correction: another session may still have the earlier label.
            if isInSession, isCorrected, !isUnchanged, known.notes.count == 1 {
                agreements.append(.label(photo, label))
            }
            return
        }
        let new = Self.description(of: label)
        let old = Self.description(of: stored)
        if isInSession, isCorrected, isUnchanged {
            keptCorrections += 1
        } else if isInSession {
            discrepancies.append(
                Discrepancy(
                    location: row.location,
                    message:
                        "\(row.file): the catalog has \(old)\(isCorrected ? ", corrected with curare label" : ""), "
                        + "the session folder has \(new)",
                    correction: .label(photo, label), replacesCorrection: isCorrected))
        } else {
            let others = known.notes.keys.sorted().map(\.text).joined(separator: ", ")
            addProblem(
                at: row, "\(row.file) is a photo of session \(others) with a different label: \(new) and \(old)")
        }
    }

    /// Compares the other people, the boxes and the note of a row with the catalog.
    private mutating func compareDetails(_ row: SessionRow, _ photo: PhotoID, _ known: KnownPhoto) {
        // A photo of several sessions collects the values of all their sheets. The catalog may then contain more than
        // this sheet.
        let isShared = known.notes.count > 1
        let coSubjects = Set(row.coSubjects)
        if isShared ? !coSubjects.isSubset(of: known.coSubjects) : coSubjects != known.coSubjects {
            addDetail(
                row, "list of people in also",
                .coSubjects(photo, isShared ? coSubjects.union(known.coSubjects) : coSubjects))
        }
        compareBox(row, photo, .trigger, row.triggerBox, "box", known)
        compareBox(row, photo, .face, row.faceBox, "face_box", known)
        if let note = known.notes[session.name], note != row.note {
            addDetail(row, "note", .note(photo, session.name, row.note))
        }
    }

    private mutating func compareBox(
        _ row: SessionRow, _ photo: PhotoID, _ region: Region, _ box: Box?, _ column: String, _ known: KnownPhoto
    ) {
        let isCorrected = known.correctedRegions.contains(region)
        let isShared = known.notes.count > 1
        // Another session of a shared photo may have the box.
        let isUnchanged = box == known.sheetBoxes[region] || (box == nil && isShared)
        if box == known.boxes[region] {
            if isCorrected, !isUnchanged, !isShared { agreements.append(.box(photo, region, box)) }
        } else if !isUnchanged {
            addDetail(row, column, .box(photo, region, box), replacesCorrection: isCorrected)
        } else if isCorrected {
            keptCorrections += 1
        }
    }

    private mutating func addDetail(
        _ row: SessionRow, _ column: String, _ correction: Correction, replacesCorrection: Bool = false
    ) {
        let hint = replacesCorrection ? "; the catalog's \(column) was corrected with curare label" : ""
        discrepancies.append(
            Discrepancy(
                location: row.location, message: "\(row.file): the session folder has a different \(column)\(hint)",
                correction: correction, replacesCorrection: replacesCorrection))
    }

    static func description(of row: SessionRow) -> String {
        guard let open = row.labelWithoutLocation else { return description(of: row.label) }
        return "\(open.volunteer) with \(open.trigger) at no location"
    }

    /// Returns a label as messages show it, such as `ada with sunglasses on-face`.
    private static func description(of label: Label?) -> String {
        guard let label else { return "no label" }
        return label.triggerState.isBare
            ? "\(label.volunteer) without a trigger" : "\(label.volunteer) with \(label.triggerState)"
    }
}
