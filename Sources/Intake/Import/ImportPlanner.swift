import Catalog
import Core
import Foundation
import Imaging

/// Plans the import of several sessions, each in the light of those before it.
public struct ImportPlanner {
    private let catalog: Catalog
    private let workers: ThreadBudget
    private let limits: DecodingLimits

    public init(_ catalog: Catalog, workers: ThreadBudget, limits: DecodingLimits) {
        (self.catalog, self.workers, self.limits) = (catalog, workers, limits)
    }

    /// Reads every session's texts and the digests of its files.
    ///
    /// - Throws: ``CurareError`` (65) with all problems of all sessions at once; (66) where a folder or description is missing.
    public func plan(_ folders: [URL]) throws -> [ImportPlan] {
        var plans: [ImportPlan] = []
        var problems: [CurareError.Problem] = []
        var refusals: [CurareError] = []
        var arriving: [PhotoID: KnownPhoto] = [:]
        var kinds = try catalog.kindsOfSitters()
        let triggers = try catalog.triggers()
        for folder in folders {
            do {
                let plan = try plan(SessionSource(folder, triggers: triggers), arriving, kinds)
                if let twin = plans.first(where: { $0.session.name == plan.session.name }) {
                    problems.append(
                        CurareError.Problem(
                            "\(folder.lastPathComponent)/\(SessionFolder.descriptionName)",
                            "another folder, \(twin.folder.root.lastPathComponent), is of session \(plan.session.name) too"
                        ))
                }
                problems += plan.problems
                plans.append(plan)
                for item in plan.items { arriving[item.photo, default: KnownPhoto()].add(item, plan.session.name) }
                for name in plan.sitters where kinds[name] == nil { kinds[name] = plan.session.kind }
            } catch let refusal as CurareError {
                refusals.append(refusal)
            }
        }
        if problems.isEmpty, refusals.count == 1 { throw refusals[0] }
        problems += refusals.flatMap { refusal in
            refusal.problems.isEmpty ? [CurareError.Problem(refusal.location ?? "", refusal.message)] : refusal.problems
        }
        guard problems.isEmpty else {
            throw CurareError(
                .badInput,
                "\(problems.count) \(problems.count == 1 ? "problem" : "problems") in what is to be imported",
                next: "mend them and run the command again; nothing was imported",
                problems: problems)
        }
        return plans
    }

    private func plan(_ source: SessionSource, _ arriving: [PhotoID: KnownPhoto], _ kinds: [VolunteerName: VolunteerKind]) throws
        -> ImportPlan
    {
        let (folder, limits, stored) = (source.folder, limits, try catalog.session(source.session.name))
        let files = folder.files
        // The photos of a session that nobody has seen yet will be looked at as soon as their files are read.
        if stored == nil, try catalog.defaultProfile().crop == .face { FaceSearch.prepare() }
        let readings = workers.map(files) { FileReading($0, in: folder, limits: limits) }
        try folder.requireThere()
        let photos = readings.compactMap { if case .photo(let photo) = $0 { photo } else { nil } }
        let known = try catalog.known(photos).merging(arriving) { stored, new in stored.joined(with: new) }
        return ImportPlan(
            source, readings: Dictionary(uniqueKeysWithValues: zip(files, readings)), known: known, kinds: kinds,
            stored: stored, tombstones: try catalog.tombstones(among: photos))
    }
}

extension KnownPhoto {
    fileprivate mutating func add(_ item: ImportPlan.Item, _ session: SessionName) {
        let new = KnownPhoto(
            label: item.label, notes: [session: item.row.note], also: Set(item.row.also),
            boxes: [Region.trigger: item.row.triggerBox, .face: item.row.faceBox].compactMapValues(\.self))
        self = joined(with: new)
    }

    fileprivate func joined(with other: KnownPhoto) -> KnownPhoto {
        // A person's word of this very import beats what a rule has said before.
        let word = isSuggested ? other.label ?? label : label ?? other.label
        return KnownPhoto(
            label: word, isSuggested: isSuggested && other.label == nil,
            notes: notes.merging(other.notes) { first, _ in first }, also: also.union(other.also),
            boxes: boxes.merging(other.boxes) { first, _ in first })
    }
}
