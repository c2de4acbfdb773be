import Core

/// A confusion matrix as a field of squares: the row is who it is, the column whom the model saw.
struct ConfusionChart {
    let confusion: Measures.Confusion
    let target: String?

    var svg: Markup {
        let names = confusion.classes
        let cell = names.count > 24 ? 16.0 : 26.0
        let margin = 120.0
        let side = Double(names.count) * cell
        let rows = confusion.counts.enumerated().flatMap { row, counts in
            let total = max(1, counts.reduce(0, +))
            return counts.enumerated().map { column, count -> Markup in
                let shade = (100 * count + total / 2) / total
                let (x, y) = (margin + Double(column) * cell, margin + Double(row) * cell)
                let number: Markup =
                    count > 0
                    ? "<text class=\"cell\(shade > 55 ? " light" : "")\" x=\"\(x + cell / 2)\" y=\"\(y + cell / 2 + 4)\" text-anchor=\"middle\">\(count)</text>"
                    : ""
                return """
                    <rect class="\(row == column ? "right" : "wrong")" x="\(x)" y="\(y)" width="\(cell - 1)" height="\(cell - 1)" fill-opacity="\(count == 0 ? 4 : 15 + shade * 85 / 100)%"/>\(number)
                    """
            }
        }
        let labels = names.enumerated().map { index, name -> Markup in
            let place = margin + (Double(index) + 0.5) * cell
            let style = name == target ? "target" : "name"
            return """
                <text class="\(style)" x="\(margin - 6)" y="\(place + 4)" text-anchor="end">\(name)</text>
                <text class="\(style)" transform="translate(\(place + 4) \(margin - 6)) rotate(-60)">\(name)</text>
                """
        }
        return """
            <svg class="matrix" style="max-width:\(margin + side + 40)px" viewBox="0 0 \(margin + side + 40) \(margin + side + 6)" role="img" aria-label="Confusion matrix">\(rows)\(labels)</svg>
            """
    }
}
