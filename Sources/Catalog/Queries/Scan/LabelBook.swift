import Core
import GRDB

/// What every label says, by its id. Labels of a photo lie far apart, as they were said at different times: it is quicker to read the table once from
/// front to back than to look each one up.
struct LabelCache {
    /// Rising.
    private var ids: [Int] = []
    private var labels: [Label] = []

    /// - Parameter list: a JSON array of the photos whose labels are wanted; nil for all.
    init(_ db: Database, _ list: String?) throws {
        let restriction = list == nil ? "" : " WHERE photo IN (SELECT value FROM json_each(?1))"
        let rows = try RawRows(db, "SELECT id, volunteer FROM label\(restriction) ORDER BY id", list.map { [$0] } ?? [])
        let worn = try RawRows(
            db,
            "SELECT label, trigger, location FROM worn\(list == nil ? "" : " WHERE label IN (SELECT id FROM label\(restriction))") ORDER BY label",
            list.map { [$0] } ?? [])
        if list == nil {
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM label") ?? 0
            ids.reserveCapacity(count)
            labels.reserveCapacity(count)
        }
        var volunteers = ByteKeyedCache<VolunteerName>()
        var triggers = ByteKeyedCache<TriggerName>()
        var known: [[TriggerPlacement]: TriggerState] = [:]
        func triggerState(_ pairs: [TriggerPlacement]) -> TriggerState {
            if let there = known[pairs] { return there }
            known[pairs] = TriggerState(pairs)
            return TriggerState(pairs)
        }
        var hasWorn = try worn.next()
        while try rows.next() {
            let id = rows.int(0)
            let name = rows.bytes(1)
            let volunteer = volunteers.value(of: name) { VolunteerName(stored: String(decoding: name, as: UTF8.self)) }
            var pairs: [TriggerPlacement] = []
            while hasWorn, worn.int(0) <= id {
                let trigger = worn.bytes(1)
                if worn.int(0) == id, let location = Location(rawValue: worn.text(2)) {
                    pairs.append(
                        TriggerPlacement(
                            triggers.value(of: trigger) {
                                TriggerName(stored: String(decoding: trigger, as: UTF8.self))
                            }, location))
                }
                hasWorn = try worn.next()
            }
            ids.append(id)
            labels.append(Label(volunteer: volunteer, triggerState: pairs.isEmpty ? .bare : triggerState(pairs)))
        }
    }

    func label(_ id: Int) -> Label? {
        guard let first = ids.first, id >= first else { return nil }
        // Ids have few gaps, so that the first guess is mostly right.
        if id - first < ids.count, ids[id - first] == id { return labels[id - first] }
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? labels[low] : nil
    }
}
