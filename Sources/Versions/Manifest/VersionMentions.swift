import Core
import Foundation
import Storage

// The names in a version. A rename in the catalog changes no version, so that the versions that have the earlier name are
// listed.

extension Manifest {
    /// The names of the classes and of the people in the photos.
    public var volunteers: Set<VolunteerName> { counts.volunteers.union(classes.map(\.name)) }

    /// Returns whether the classes, the photos or the recipe name a volunteer.
    public func mentions(_ volunteer: VolunteerName) -> Bool {
        volunteers.contains(volunteer) || recipe.mentions(volunteer)
    }

    /// Returns whether the photos or the recipe name a trigger.
    public func mentions(_ trigger: TriggerName) -> Bool {
        counts.triggers.contains(trigger) || recipe.mentions(trigger)
    }

    /// Returns the names in the version that are earlier names now: first people, then triggers, each sorted.
    public func earlierNames(in names: EarlierNames) -> [String] {
        names.volunteers.keys.filter(mentions).sorted().map(\.text)
            + names.triggers.keys.filter(mentions).sorted().map(\.text)
    }
}

extension Recipe {
    fileprivate func mentions(_ trigger: TriggerName) -> Bool {
        guard let poison else { return false }
        return poison.overlays[trigger] != nil || poison.triggers.contains { $0.triggers.contains(trigger) }
    }
}

extension VersionStore {
    /// Returns the versions whose manifests satisfy `condition`, and the versions whose manifests cannot be read.
    ///
    /// - Throws: ``CurareError`` (74) when a folder or a file cannot be read.
    public func list(where condition: (Manifest) -> Bool) throws -> (
        found: [VersionReference], unreadable: [VersionReference]
    ) {
        var found: [VersionReference] = []
        var unreadable: [VersionReference] = []
        for reference in try list() {
            let file = VersionFiles(try folder(reference)).manifest
            do {
                if condition(try Manifest(Self.bytes(of: file), file: file.path)) { found.append(reference) }
            } catch let error as CurareError where error.code != .inputOutput {
                unreadable.append(reference)
            }
        }
        return (found, unreadable)
    }
}
