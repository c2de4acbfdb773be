import Core
import Documents

/// An earlier name in a session folder, and the current name that was read instead.
struct ReadName: Hashable {
    let earlier: String
    let current: String

    /// Returns one text for each earlier name in `rows`, with the number of rows. The texts are sorted by earlier name.
    static func warnings(_ rows: [SessionRow], of session: String) -> [String] {
        var counts: [ReadName: Int] = [:]
        for name in rows.flatMap(\.readNames) { counts[name, default: 0] += 1 }
        return counts.sorted { $0.key.earlier < $1.key.earlier }.map { name, count in
            "\(session): \(name.earlier) is now called \(name.current); "
                + "\(count) \(count == 1 ? "row was" : "rows were") read with the current name"
        }
    }
}

extension EarlierNames {
    /// Returns a row of a sheet with current names instead of earlier names, and the names that were replaced.
    ///
    /// After a merge, the column `also` can name the person of the row itself. Such a name is left out.
    func current(_ row: SheetTable.Row) -> (row: SheetTable.Row, read: Set<ReadName>) {
        guard !isEmpty else { return (row, []) }
        var read: Set<ReadName> = []
        func person(_ text: String) -> String {
            guard let name = VolunteerName(text), let current = volunteers[name] else { return text }
            read.insert(ReadName(earlier: text, current: current.text))
            return current.text
        }
        func trigger(_ text: String) -> String {
            guard let name = TriggerName(text), let current = triggers[name] else { return text }
            read.insert(ReadName(earlier: text, current: current.text))
            return current.text
        }
        var texts = ["volunteer": person(row["volunteer"])]
        texts["trigger"] = row["trigger"].split(separator: "+", omittingEmptySubsequences: false).map {
            trigger(String($0))
        }.joined(separator: "+")
        let others = row["also"].split { $0 == "+" || $0 == " " }.map { person(String($0)) }
        guard !read.isEmpty else { return (row, []) }
        texts["also"] = others.filter { $0 != texts["volunteer"] }.joined(separator: "+")
        return (row.replacing(texts), read)
    }
}
