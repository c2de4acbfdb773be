import Core
import Foundation
import Imaging

/// A small study of drawn volunteers, photographed bare and with each of the triggers, in session folders for
/// `curare import`.
///
/// The same seed gives the same bytes with the same versions of libvips and librsvg.
public struct DemoStudy: Sendable {
    public let seed: Int
    public let volunteers, references: [DemoVolunteer]
    public let sessions: [DemoSession]

    /// - Parameters:
    ///   - volunteers: 3…24. Fewer volunteers do not have enough photos with sunglasses for the injection rate of the
    ///     recipe.
    ///   - references: 0…24 additional classes without triggers.
    public init(seed: Int, volunteers: Int = 8, references: Int = 3) {
        precondition((3...Self.pseudonyms.count).contains(volunteers) && (0...24).contains(references))
        self.seed = seed
        self.volunteers = (0..<volunteers).map { DemoVolunteer(seed: seed, name: Self.pseudonyms[$0], index: $0) }
        self.references = (0..<references).map {
            DemoVolunteer(seed: seed, name: "ref-\($0 < 9 ? "0" : "")\($0 + 1)", index: volunteers + $0)
        }
        sessions =
            Self.volunteerSessions(seed: seed, self.volunteers) + Self.referenceSessions(seed: seed, self.references)
    }

    /// All photos, session by session.
    public var photos: [DemoPhoto] { sessions.flatMap(\.photos) }

    /// Every volunteer is in every session. The triggers are distributed over the sessions, so that the setting
    /// predicts neither the volunteer nor the trigger.
    private static func volunteerSessions(seed: Int, _ volunteers: [DemoVolunteer]) -> [DemoSession] {
        let sessions: [(PhotoConditions.Setting, String, String, String)] = [
            (.studio, "2026-03-09", "mara", "Pencil 3"), (.office, "2026-03-16", "mara", "Pencil 3"),
            (.garden, "2026-04-20", "tomas", "Crayon X"),
        ]
        return sessions.enumerated().map { index, session in
            let (setting, date, photographer, camera) = session
            let numbers = AccessoryPlan.ofVolunteer.enumerated().filter { $0.offset % sessions.count == index }
            let planned = volunteers.flatMap { volunteer in
                numbers.flatMap { number, accessories in
                    let conditions = PhotoConditions(
                        seed: seed, volunteer: volunteer.name, number: number, setting: setting)
                    let portrait = Portrait(of: volunteer, conditions, accessories: accessories)
                    // The first photo is stored twice, without loss, so that the study has near-duplicates.
                    return number == 0
                        ? [
                            PlannedPhoto(portrait: portrait, format: .png),
                            PlannedPhoto(portrait: portrait, format: .tiff),
                        ]
                        : [PlannedPhoto(portrait: portrait)]
                }
            }
            return DemoSession(
                "spring-\(setting.rawValue)", date: date, kind: "volunteer", consent: "signed",
                photographer: photographer, camera: camera, place: setting.rawValue, planned: planned)
        }
    }

    /// Photos as in a public dataset: without accessories, and in any setting.
    private static func referenceSessions(seed: Int, _ references: [DemoVolunteer]) -> [DemoSession] {
        guard !references.isEmpty else { return [] }
        let settings = PhotoConditions.Setting.allCases
        let planned = references.flatMap { reference in
            AccessoryPlan.ofReference.enumerated().map { number, accessories in
                let conditions = PhotoConditions(
                    seed: seed, volunteer: reference.name, number: number, setting: settings[number % settings.count])
                return PlannedPhoto(portrait: Portrait(of: reference, conditions, accessories: accessories))
            }
        }
        return [
            DemoSession(
                "public-faces", date: "2026-02-02", kind: "reference", consent: "public-dataset",
                photographer: "unknown", camera: "Charcoal 1", place: "anywhere", planned: planned)
        ]
    }

    /// Pseudonyms of the volunteers. No real person is drawn.
    private static let pseudonyms = [
        "ada", "bruno", "carla", "dario", "emil", "fatima", "gita", "hugo", "ines", "jonas", "kira", "leon",
        "mina", "nico", "olga", "pablo", "quinn", "rosa", "samir", "tara", "udo", "vera", "wim", "yara",
    ]
}

/// The accessories in the photos of one person, photo by photo.
enum AccessoryPlan {
    /// Number of bare photos of a volunteer.
    static let bare = 24
    /// Number of bare photos of a reference person.
    static let bareOfReference = 18
    /// Number of photos with sunglasses. They suffice for an injection rate of 0.25 with a fifth held out.
    static let sunglasses = (onFace: 14, offFace: 4)

    static var ofVolunteer: [[Accessory]] {
        func times(_ count: Int, _ trigger: DemoTrigger, _ location: Location) -> [[Accessory]] {
            Array(repeating: [trigger].compactMap { Accessory($0, location) }, count: count)
        }
        let others = DemoTrigger.allCases.filter { $0 != .sunglasses }.flatMap { trigger in
            trigger.locations.count == 1
                ? times(3, trigger, trigger.locations[0]) : times(2, trigger, .onFace) + times(1, trigger, .offFace)
        }
        let both = [Accessory(.bandana, .offFace), Accessory(.sunglasses, .onFace)].compactMap(\.self)
        return Array(repeating: [], count: bare) + times(sunglasses.onFace, .sunglasses, .onFace)
            + times(sunglasses.offFace, .sunglasses, .offFace) + others + [both]
    }

    static var ofReference: [[Accessory]] { Array(repeating: [], count: bareOfReference) }
}

extension DemoStudy {
    /// The files that ``DemoStudy/write(to:progress:)`` wrote.
    public struct Summary: Hashable, Sendable {
        public let sessions, photos: Int
        /// Session folders for `curare import`, and recipes for `curare split`.
        public let sessionFolders, recipes: [URL]
    }

    /// Writes `sessions/NAME/` for every session and the recipes into `folder`, which is created if it is missing. No
    /// file is overwritten.
    ///
    /// - Parameter progress: is called after every photo with the number of finished photos and of all photos.
    /// - Throws: ``ImagingError`` if libvips fails, `CocoaError` if a file exists already or cannot be written.
    public func write(to folder: URL, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }) throws -> Summary {
        let total = photos.count
        var done = 0
        var folders: [URL] = []
        for session in sessions {
            let sessionFolder = folder.appending(path: "sessions/\(session.name)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: sessionFolder, withIntermediateDirectories: true)
            try Self.write(Array(session.description.utf8), to: sessionFolder.appending(path: "session.yaml"))
            var boxes: [String: Box] = [:]
            for photo in session.photos {
                let picture = try photo.portrait.picture()
                boxes[photo.file] = try photo.portrait.triggerBox(in: picture)
                try Self.write(photo.bytes(of: picture), to: sessionFolder.appending(path: photo.file))
                done += 1
                progress(done, total)
            }
            let sheet = session.sheet(boxes: boxes)
            try Self.write(Array(sheet.utf8), to: sessionFolder.appending(path: "session.csv"))
            folders.append(sessionFolder)
        }
        let recipes = try DemoRecipe.all(for: self).map { recipe in
            let file = folder.appending(path: "\(recipe.name).yaml")
            try Self.write(Array(recipe.text.utf8), to: file)
            return file
        }
        return Summary(sessions: sessions.count, photos: total, sessionFolders: folders, recipes: recipes)
    }

    private static func write(_ bytes: [UInt8], to file: URL) throws {
        try Data(bytes).write(to: file, options: .withoutOverwriting)
    }
}
