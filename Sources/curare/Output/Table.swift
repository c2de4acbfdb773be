import Core

/// Rows of text in columns: words on the left, numbers on the right. Hidden characters in cells are escaped, so that
/// each row is one line.
struct Table {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: String...) {
        self.header = header
    }

    init(_ header: [String]) {
        self.header = header
    }

    mutating func add(_ cells: String...) {
        add(cells)
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells.map { $0.printable() })
    }

    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let isNumeric = header.indices.map { column in
            rows.allSatisfy { $0[column].allSatisfy { "0123456789.-%–".contains($0) } }
        }
        return all.map { cells in
            let line = zip(cells.indices, cells).map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return isNumeric[column] ? space + cell : cell + space
            }.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    /// Returns the first 20 items, indented, and a line with the number of the remaining items.
    static func firstItems(_ items: [String]) -> [String] {
        items.prefix(20).map { "  \($0.printable())" }
            + (items.count > 20 ? ["  and \(items.count - 20) more; --json lists all"] : [])
    }
}

/// Returns a number of bytes with a decimal unit: `812 B`, `12.3 kB`, `4.5 MB`.
func fileSize(_ bytes: Int) -> String {
    guard bytes >= 1000 else { return "\(bytes) B" }
    var value = Double(bytes)
    var unit = ""
    for next in ["kB", "MB", "GB", "TB"] where value >= 999.95 {
        value /= 1000
        unit = next
    }
    return "\(decimals(value, 1)) \(unit)"
}
