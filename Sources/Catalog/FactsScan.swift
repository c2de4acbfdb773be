import Core
import GRDB

/// The facts of photos for selection and audit.
extension Catalog {
    /// The photos whose landmarks are read. Landmarks take most of the time and memory of a scan: 68 points for each
    /// photo.
    public enum LandmarkSelection: Sendable {
        case all, none
        /// The photos with a marked trigger box, for the comparison of the box with the landmarks.
        case photosWithTriggerBox
    }

    /// The optional parts of ``PhotoFacts`` that a scan reads.
    public struct FetchOptions: Sendable {
        public var landmarks: LandmarkSelection
        /// Whether ``PhotoFacts/quality`` is read; otherwise it is nil.
        public var quality: Bool
        /// Whether ``PhotoFacts/origin`` and ``PhotoFacts/light`` are read; otherwise they are nil.
        public var origin: Bool

        public init(landmarks: LandmarkSelection = .all, quality: Bool = true, origin: Bool = false) {
            self.landmarks = landmarks
            self.quality = quality
            self.origin = origin
        }
    }

    /// Calls `body` with the facts of each photo, in the order of photo ids, from one snapshot of the catalog.
    ///
    /// - Parameter photos: the photos to read; nil reads all photos.
    public func forEachPhoto(
        _ photos: [PhotoID]? = nil, _ options: FetchOptions = FetchOptions(), _ body: (PhotoFacts) throws -> Void
    ) throws {
        try read { db in
            var scan = try FactsScan(db, PhotoList(photos), options)
            while let facts = try scan.next() { try body(facts) }
        }
    }

    /// Returns the facts of `photos`, or of all photos, in the order of photo ids.
    public func facts(of photos: [PhotoID]? = nil, _ options: FetchOptions = FetchOptions()) throws -> [PhotoFacts] {
        var facts: [PhotoFacts] = []
        if photos == nil {
            facts.reserveCapacity(try read { db in try db.count("photo") })
        }
        try forEachPhoto(photos, options) { facts.append($0) }
        return facts
    }

    /// Returns the facts of a photo and of all other photos of the same volunteer and session, in the order of photo
    /// ids.
    ///
    /// ``FaceBoxSuggestion`` uses them.
    public func shoot(of photo: PhotoID) throws -> [PhotoFacts] {
        guard let own = try facts(of: [photo]).first else { return [] }
        let others = try facts(of: photos(in: own.session).map(\.photo))
        return others.filter {
            $0.photo == photo || ($0.session == own.session && $0.label?.volunteer == own.label?.volunteer)
        }
    }
}

/// A scan of the facts of photos in the order of their ids: one parallel walk through all tables, without a query for
/// each photo.
///
/// `make bench-scale` measures the time for a million photos.
struct FactsScan {
    private let photos: RawRows
    private var sessionPhotos: RowsByPhoto
    private var coSubjects: RowsByPhoto
    private var effectiveLabels: EffectiveLabels
    private var measurements: RowsByPhoto
    private var regions: RowsByPhoto
    private let people: ConsentIndex
    private let labels: LabelCache
    private let options: Catalog.FetchOptions
    private let columns: MeasurementColumns
    private let regionKinds = WordColumn<Region>("region.kind")
    private var formats = ByteKeyedCache<InternedString>()
    private var cameras = ByteKeyedCache<InternedString>()

    init(_ db: Database, _ list: PhotoList, _ options: Catalog.FetchOptions) throws {
        func rows(_ columns: String, _ table: String, by key: String = "photo", then order: String = "") throws
            -> RawRows
        {
            try RawRows(
                db, "SELECT \(key), \(columns) FROM \(table)\(list.clause(key)) ORDER BY \(key)\(order)", list.arguments
            )
        }
        photos = try rows(
            "width, height, format" + (options.origin ? ", bytes, captured, camera" : ""), "photo", by: "id")
        sessionPhotos = try RowsByPhoto(rows("session", "session_photo", then: ", session"))
        coSubjects = try RowsByPhoto(rows("volunteer", "co_subject"))
        effectiveLabels = try EffectiveLabels(db, list)
        columns = MeasurementColumns(options)
        measurements = try RowsByPhoto(rows(columns.names, "measurement"))
        regions = try RowsByPhoto(rows("kind, x, y, width, height", "region", then: ", kind, source"))
        people = try ConsentIndex(db)
        labels = try LabelCache(db, list)
        self.options = options
    }

    /// Returns the facts of the next photo; nil after the last.
    mutating func next() throws -> PhotoFacts? {
        guard try photos.next() else { return nil }
        let photo = try photos.photo(0)
        let digits = photos.bytes(0)
        let (session, hasSessionConsent) = try sessions(digits)
        let hasCoSubjectConsent = try coSubjectConsent(digits)
        let (label, isSuggested) = try label(digits)
        let (triggerBox, faceBox) = try boxes(digits)
        var record: FaceRecord?
        var perceptualHash: PerceptualHash?
        var quality: PhotoQuality?
        var light: PhotoLight?
        if try measurements.isAt(digits) {
            let row = measurements.rows
            let readsLandmarks =
                options.landmarks == .all || (options.landmarks == .photosWithTriggerBox && triggerBox != nil)
            record = try columns.face(row, withLandmarks: readsLandmarks)
            perceptualHash = try columns.perceptualHash(row)
            quality = columns.quality(row)
            light = columns.light(row)
            try measurements.next()
        }
        let format = photos.bytes(3)
        return PhotoFacts(
            photo: photo, session: session.name, consented: hasSessionConsent && hasCoSubjectConsent, label: label,
            kind: try label.map { try people.kind($0.volunteer) }, perceptualHash: perceptualHash,
            width: photos.int(1), height: photos.int(2), face: KnownFace(record: record, marked: faceBox),
            isSuggested: isSuggested, triggerBox: triggerBox, quality: quality, date: session.date,
            format: formats.value(of: format) { InternedString(String(decoding: format, as: UTF8.self)) },
            origin: origin(), light: light)
    }

    /// Returns the origin of the current photo; nil if the caller did not request it.
    private mutating func origin() -> PhotoOrigin? {
        guard options.origin else { return nil }
        var camera: InternedString?
        if !photos.isNull(6) {
            let name = photos.bytes(6)
            camera = cameras.value(of: name) { InternedString(String(decoding: name, as: UTF8.self)) }
        }
        return PhotoOrigin(camera: camera, capture: CaptureTime(ascii: photos.bytes(5)), bytes: photos.int(4))
    }

    /// Returns the first of the photo's sessions by name, and whether all its sessions have consent.
    private mutating func sessions(
        _ photo: UnsafeRawBufferPointer
    ) throws -> (first: ConsentIndex.IndexedSession, hasConsent: Bool) {
        var first: ConsentIndex.IndexedSession?
        var hasConsent = true
        while try sessionPhotos.isAt(photo) {
            let session = try people.session(sessionPhotos.rows.bytes(1))
            first = first ?? session
            hasConsent = hasConsent && session.hasConsent
            try sessionPhotos.next()
        }
        guard let first else {
            throw InvalidValueError("photo without a session", String(decoding: photo, as: UTF8.self))
        }
        return (first, hasConsent)
    }

    private mutating func coSubjectConsent(_ photo: UnsafeRawBufferPointer) throws -> Bool {
        var hasConsent = true
        while try coSubjects.isAt(photo) {
            if !people.hasConsent(coSubjects.rows.bytes(1)) { hasConsent = false }
            try coSubjects.next()
        }
        return hasConsent
    }

    /// Returns the label that counts, and whether it comes from a rule.
    private mutating func label(_ photo: UnsafeRawBufferPointer) throws -> (label: Label?, isSuggested: Bool) {
        guard let effective = try effectiveLabels.label(of: photo) else { return (nil, false) }
        return (try labels.label(effective.id), effective.isSuggested)
    }

    private mutating func boxes(_ photo: UnsafeRawBufferPointer) throws -> (trigger: Box?, face: Box?) {
        var trigger: Box?
        var face: Box?
        var counting: Region?
        while try regions.isAt(photo) {
            let kind = try regionKinds.word(regions.rows.bytes(1))
            // The first row of a kind counts, as in `RegionRows`. A correction without numbers removes the box.
            if kind != counting, !regions.rows.isNull(2) {
                switch kind {
                case .trigger: trigger = regions.rows.box(2)
                case .face: face = regions.rows.box(2)
                }
            }
            counting = kind
            try regions.next()
        }
        return (trigger, face)
    }
}
