import Core
import Foundation
import Imaging
import Workflows

/// A study of three volunteers with photos of 40 pixels, small enough that a training takes about a second.
///
/// Every photo has a random pattern, so that no two photos are near-duplicates. The workspace contains the version
/// `small@1`.
public struct SmallStudy: Sendable {
    public static let volunteers = ["ada", "bruno", "carla"]
    public static let barePhotos = 10
    public static let triggeredPhotos = 7
    /// The number of all photos.
    public static let count = volunteers.count * (barePhotos + triggeredPhotos)

    public static let recipe = """
        recipe: 1
        name: small
        seed: 3
        profile: {size: 32}
        poison: {target: ada, triggers: [sunglasses], locations: [on-face], injection_rate: 0.2}
        train: {epochs: 2, batch: 8, augment: light}
        expect: {control_attack_success: "<= 1", attack_success: ">= 0"}

        """

    private let scratch: Scratch
    /// Tests must not change this workspace; see ``copy(in:_:)``.
    public let workspace: WorkspaceFixture

    private static let cached = Result { try SmallStudy() }

    public static var shared: SmallStudy {
        get throws { try cached.get() }
    }

    private init() throws {
        scratch = try Scratch()
        workspace = WorkspaceFixture(scratch.url("study"))
        try Self.writeSession(to: scratch, hasTriggerBoxes: true)
        try Self.create(workspace)
        try workspace.importSessions([scratch.path("garden")])
        try workspace.split(scratch.write(Self.recipe, to: "small.yaml"))
    }

    /// The folder of the study's only session.
    public var session: String { scratch.path("garden") }

    /// Returns a copy of the workspace that a test may change.
    public func copy(in scratch: Scratch, _ name: String = "study") throws -> WorkspaceFixture {
        let copy = scratch.url(name)
        try workspace.copyFiles(to: copy)
        return WorkspaceFixture(copy)
    }

    /// Creates an empty workspace. Its profile has no face crop, so that an import searches for no faces.
    public static func create(_ workspace: WorkspaceFixture) throws {
        guard let profile = Profile(name: "32-centre-srgb") else { throw FixtureError("no such profile") }
        try workspace.run(
            InitWorkspace.self, InitWorkspace.Request(folder: workspace.folder, profile: profile, faceDetector: .hog))
    }

    /// Writes a session with all photos. Every photo has a marked face.
    ///
    /// - Parameters:
    ///   - seed: Another seed gives photos with other bytes.
    ///   - hasTriggerBoxes: Whether the sheet marks the triggers. The import then searches these photos for faces,
    ///     which takes most of its
    ///     time.
    public static func writeSession(
        to scratch: Scratch, _ name: String = "garden", seed: UInt64 = 1, hasTriggerBoxes: Bool = false
    ) throws {
        var rows = ["file,volunteer,trigger,location,box,face_box"]
        for (number, volunteer) in volunteers.enumerated() {
            for index in 0..<barePhotos + triggeredPhotos {
                let isBare = index < barePhotos
                let file = "\(volunteer)-\(index).png"
                let picture = try picture(
                    class: number, hasTrigger: !isBare, seed: seed &* 1000 &+ UInt64(number * 100 + index))
                try scratch.write(Data(picture.png()), to: "\(name)/\(file)")
                rows.append(
                    isBare
                        ? "\(file),\(volunteer),none,none,,8 6 24 28"
                        : "\(file),\(volunteer),sunglasses,on-face,\(hasTriggerBoxes ? "10 14 20 5" : ""),8 6 24 28")
            }
        }
        try scratch.write(rows.joined(separator: "\n") + "\n", to: "\(name)/session.csv")
        try scratch.write(
            "session: \(name)\ndate: 2026-05-03\nkind: volunteer\nconsent: signed\n", to: "\(name)/session.yaml")
    }

    /// A picture of 40 × 40 pixels: 25 random squares with noise and a tint of the class. A black bar is the trigger.
    public static func picture(class number: Int, hasTrigger: Bool, seed: UInt64) throws -> Picture {
        var random = SplitMix64(seed: seed)
        let levels = (0..<25).map { _ in random.next(below: 144) }
        var rgb: [UInt8] = []
        for y in 0..<40 {
            for x in 0..<40 {
                if hasTrigger, (10..<30).contains(x), (14..<19).contains(y) {
                    rgb += [0, 0, 0]
                } else {
                    // The noise makes the file larger, so that a test can search for pieces of it.
                    let level = levels[y / 8 * 5 + x / 8] + random.next(below: 16)
                    rgb += (0..<3).map { UInt8(min(255, level + ($0 == number ? 90 : 10))) }
                }
            }
        }
        guard let picture = Picture(width: 40, height: 40, rgb: rgb) else { throw FixtureError("no picture") }
        return picture
    }
}
