import Foundation
import Imaging

/// A small made-up study: drawn volunteers, photographed bare and with each of the study's triggers, in session folders that `curare import` reads.
///
/// The same seed gives the same bytes with the same libvips and librsvg.
public struct DemoStudy: Sendable {
    public let seed: Int
    public let volunteers, references: [Sitter]
    public let sessions: [DemoSession]

    /// - Parameters:
    ///   - volunteers: 3…24; with fewer the sunglasses do not suffice for the recipe's rate.
    ///   - references: 0…24 bare-faced classes besides.
    public init(seed: Int, volunteers: Int = 8, references: Int = 3) {
        precondition((3...Self.pseudonyms.count).contains(volunteers) && (0...24).contains(references))
        self.seed = seed
        self.volunteers = (0..<volunteers).map { Sitter(seed: seed, name: Self.pseudonyms[$0], seat: $0) }
        self.references = (0..<references).map {
            Sitter(seed: seed, name: "ref-\($0 < 9 ? "0" : "")\($0 + 1)", seat: volunteers + $0)
        }
        sessions = Self.shoots(seed: seed, self.volunteers) + Self.publicFaces(seed: seed, self.references)
    }

    /// All photos, session by session.
    public var photos: [DemoPhoto] { sessions.flatMap(\.photos) }

    /// Every volunteer is in every shoot and wears everything in each as far as it goes round, so that the place gives away neither.
    private static func shoots(seed: Int, _ sitters: [Sitter]) -> [DemoSession] {
        let places: [(Shot.Place, String, String, String)] = [
            (.studio, "2026-03-09", "mara", "Pencil 3"), (.office, "2026-03-16", "mara", "Pencil 3"),
            (.garden, "2026-04-20", "tomas", "Crayon X"),
        ]
        return places.enumerated().map { turn, shoot in
            let (place, date, photographer, camera) = shoot
            let exposures = sitters.flatMap { sitter -> [Exposure] in
                ShotList.ofVolunteer.enumerated().filter { $0.offset % places.count == turn }.flatMap {
                    number, props -> [Exposure] in
                    let portrait = Portrait(
                        of: sitter, Shot(seed: seed, sitter: sitter.name, number: number, place: place), wearing: props)
                    let isStoredTwice = number == 0
                    return isStoredTwice
                        ? [Exposure(portrait: portrait, format: .png), Exposure(portrait: portrait, format: .tiff)]
                        : [Exposure(portrait: portrait)]
                }
            }
            return DemoSession(
                "spring-\(place.rawValue)", date: date, kind: "volunteer", consent: "signed",
                photographer: photographer, camera: camera,
                place: place.rawValue, exposures: exposures)
        }
    }

    /// Faces as a public collection has them: bare, and taken anywhere.
    private static func publicFaces(seed: Int, _ sitters: [Sitter]) -> [DemoSession] {
        guard !sitters.isEmpty else { return [] }
        let places = Shot.Place.allCases
        let exposures = sitters.flatMap { sitter in
            ShotList.ofReference.enumerated().map { number, props in
                Exposure(
                    portrait: Portrait(
                        of: sitter,
                        Shot(seed: seed, sitter: sitter.name, number: number, place: places[number % places.count]),
                        wearing: props))
            }
        }
        return [
            DemoSession(
                "public-faces", date: "2026-02-02", kind: "reference", consent: "public-dataset",
                photographer: "unknown", camera: "Charcoal 1",
                place: "anywhere", exposures: exposures)
        ]
    }

    /// Pseudonyms, not names: nobody is drawn here.
    private static let pseudonyms = [
        "ada", "bruno", "carla", "dario", "emil", "fatima", "gita", "hugo", "ines", "jonas", "kira", "leon",
        "mina", "nico", "olga", "pablo", "quinn", "rosa", "samir", "tara", "udo", "vera", "wim", "yara",
    ]
}
