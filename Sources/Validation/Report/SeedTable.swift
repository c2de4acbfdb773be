import Core
import Versions

/// What several seeds came to: each by itself, and the spread of every measure.
struct SeedTable {
    let seeds: [SeedReport]
    let spread: [String: Spread]

    var markup: Markup {
        let measures = Expectation.Measure.allCases.map(\.rawValue).filter { spread[$0] != nil }
        let head = seeds.map { seed -> Markup in "<th>seed \(String(seed.seed))</th>" }
        let rows = measures.map { measure -> Markup in
            let each = seeds.map { seed -> Markup in "<td>\(seed.rates[measure].map(Share.percent) ?? "")</td>" }
            guard let spread = spread[measure] else { return "" }
            let words = [spread.min, spread.median, spread.max].map { value -> Markup in
                "<td>\(Share.percent(value))</td>"
            }
            return "<tr><td>\(measure)</td>\(words)<td>\(spread.deviation.map(Share.percent) ?? "")</td>\(each)</tr>"
        }
        let verdicts = seeds.map { seed -> Markup in "<td>\(seed.verdict.rawValue)</td>" }
        return """
            <h2>Over \(seeds.count) seeds</h2>
            <p class="note">The same version, trained from other first weights, in another order, with other augmentation. What stands above is the first seed's.</p>
            <div class="wide"><table><tr><th></th><th>min</th><th>median</th><th>max</th><th>deviation</th>\(head)</tr>\(rows)
            <tr><td>verdict</td><td></td><td></td><td></td><td></td>\(verdicts)</tr></table></div>
            """
    }
}
