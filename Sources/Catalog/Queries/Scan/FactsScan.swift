import Core
import GRDB

/// The facts of photos, in the order of their ids: one walk through each table that knows of them, all side by side, and no query for a photo.
///
/// A photo's session is the smallest name among its sessions. Its consent is the strictest: none of its sessions' may be missing, and everyone else
/// visible must have a session of their own, and none of these without consent.
struct FactsScan {
    private let photos: RawRows
    private var appearances, companions, labels, measures, regions: RowsByPhoto
    private let people: ConsentIndex
    private let book: LabelCache
    private let reading: Catalog.FetchOptions
    private let measureColumns: MeasureRow.Columns
    private var formats = ByteKeyedCache<InternedString>()

    /// - Parameter some: those photos alone.
    init(_ db: Database, _ some: [PhotoID]?, _ reading: Catalog.FetchOptions) throws {
        let list = some.map { "[" + $0.map { "\"\($0.hex)\"" }.joined(separator: ",") + "]" }
        func rows(_ columns: String, _ table: String, by key: String, then rest: String = "") throws -> RawRows {
            try RawRows(
                db,
                "SELECT \(key), \(columns) FROM \(table)\(list == nil ? "" : " WHERE \(key) IN (SELECT value FROM json_each(?))") ORDER BY \(key)\(rest)",
                list.map { [$0] } ?? [])
        }
        photos = try rows("width, height, format", "photo", by: "id")
        appearances = try RowsByPhoto(rows("session", "appearance", by: "photo", then: ", session"))
        companions = try RowsByPhoto(rows("volunteer", "companion", by: "photo"))
        labels = try RowsByPhoto(rows("source = 'rule', id", "label", by: "photo", then: ", source, id"))
        measureColumns = MeasureRow.Columns(reading)
        measures = try RowsByPhoto(rows(measureColumns.names, "measure", by: "photo"))
        regions = try RowsByPhoto(rows("what, x, y, width, height", "region", by: "photo", then: ", what"))
        people = try ConsentIndex(db)
        book = try LabelCache(db, list)
        self.reading = reading
    }

    /// The next photo; nil after the last.
    mutating func next() throws -> PhotoFacts? {
        while try photos.next() {
            let digits = photos.bytes(0)
            // The file's CHECKs hold it to this.
            guard let photo = PhotoID(hexDigits: digits) else { continue }
            return try facts(photo, digits)
        }
        return nil
    }

    private mutating func facts(_ photo: PhotoID, _ digits: UnsafeRawBufferPointer) throws -> PhotoFacts {
        let (session, hasConsent) = try sessions(digits)
        let companionsConsent = try companionsConsent(digits)
        let label = try label(digits)
        let (triggerBox, marked) = try boxes(digits)
        var face = KnownFace(marked: marked)
        var perceptualHash: PerceptualHash?
        var quality: PhotoQuality?
        if try measures.isAt(digits) {
            let row = MeasureRow(measures.rows, measureColumns)
            let readsLandmarks =
                reading.landmarks == .all || reading.landmarks == .besideTriggerBoxes && triggerBox != nil
            (face, perceptualHash, quality) = (
                KnownFace(record: row.face(withLandmarks: readsLandmarks), marked: marked), row.perceptualHash, row.quality
            )
            try measures.next()
        }
        let format = photos.bytes(3)
        return PhotoFacts(
            photo: photo, session: session?.name ?? SessionName(stored: ""), consented: hasConsent && companionsConsent,
            label: label?.label, kind: (label?.label.volunteer).flatMap(people.kind), perceptualHash: perceptualHash,
            width: photos.int(1), height: photos.int(2), face: face,
            isSuggested: label?.isSuggested ?? false, triggerBox: triggerBox, quality: quality,
            day: session?.day ?? people.noDay,
            kindOfFile: formats.value(of: format) { InternedString(String(decoding: format, as: UTF8.self)) })
    }

    /// The first of the photo's sessions by name, and whether none lacks consent.
    private mutating func sessions(_ photo: UnsafeRawBufferPointer) throws -> (
        first: ConsentIndex.KnownSession?, hasConsent: Bool
    ) {
        var first: ConsentIndex.KnownSession?
        var hasConsent = true
        while try appearances.isAt(photo) {
            let session = people.session(appearances.rows.bytes(1))
            first = first ?? session
            if session?.hasConsent == false { hasConsent = false }
            try appearances.next()
        }
        return (first, hasConsent)
    }

    private mutating func companionsConsent(_ photo: UnsafeRawBufferPointer) throws -> Bool {
        var consent = true
        while try companions.isAt(photo) {
            if !people.consents(companions.rows.bytes(1)) { consent = false }
            try companions.next()
        }
        return consent
    }

    /// The label that counts: a person's word before a rule's, then the highest id.
    private mutating func label(_ photo: UnsafeRawBufferPointer) throws -> (label: Label, isSuggested: Bool)? {
        var best: (isRule: Bool, id: Int)?
        while try labels.isAt(photo) {
            let said = (isRule: labels.rows.int(1) != 0, id: labels.rows.int(2))
            if let before = best {
                if before.isRule != said.isRule ? before.isRule : said.id > before.id { best = said }
            } else {
                best = said
            }
            try labels.next()
        }
        return best.flatMap { best in book.label(best.id).map { ($0, best.isRule) } }
    }

    private mutating func boxes(_ photo: UnsafeRawBufferPointer) throws -> (trigger: Box?, face: Box?) {
        var trigger: Box?
        var face: Box?
        while try regions.isAt(photo) {
            let row = regions.rows
            let box = Box(x: row.int(2), y: row.int(3), width: row.int(4), height: row.int(5))
            if row.text(1) == Region.face.rawValue { face = box } else { trigger = box }
            try regions.next()
        }
        return (trigger, face)
    }
}
