import Core
import Foundation

/// Tells how far a long command has come, with rate and time left: a bar on a terminal, plain lines elsewhere, nothing in the first moment.
final class Progress {
    private let what: String
    private let unit: String
    private let isQuiet: Bool
    private let start = ContinuousClock.now
    private var lastSaid: ContinuousClock.Instant
    private var hasSaid = false

    /// - Parameters:
    ///   - what: what is being done: `importing`.
    ///   - unit: what is counted: `photos`.
    init(_ what: String, unit: String, quiet: Bool) {
        (self.what, self.unit, isQuiet) = (what, unit, quiet)
        lastSaid = start
    }

    /// - Parameter remark: what else there is to say, such as a loss.
    func update(_ done: Int, of total: Int, remark: String = "") {
        let now = ContinuousClock.now
        let pause: Duration = Terminal.isInteractive ? .milliseconds(hasSaid ? 100 : 500) : .seconds(hasSaid ? 10 : 2)
        guard !isQuiet, total > 0, now - lastSaid >= pause else { return }
        lastSaid = now
        hasSaid = true
        let line = Self.line(what, unit, done, total, seconds: (now - start).seconds, remark)
        if Terminal.isInteractive {
            let filled = 24 * done / total
            Terminal.write(
                "\r\u{1b}[K[\(String(repeating: "█", count: filled))\(String(repeating: "·", count: 24 - filled))] \(line)"
            )
        } else {
            Terminal.say(line)
        }
    }

    /// Clears the bar away.
    func end() {
        if hasSaid, Terminal.isInteractive { Terminal.write("\r\u{1b}[K") }
    }

    /// `importing: 120 of 457 photos, 85.3 photos/s, 4 s left`
    static func line(_ what: String, _ unit: String, _ done: Int, _ total: Int, seconds: Double, _ remark: String)
        -> String
    {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        var line = "\(what): \(done) of \(total) \(unit), \(decimals(rate, 1)) \(unit)/s"
        if rate > 0 { line += ", \(duration(Double(total - done) / rate)) left" }
        return remark.isEmpty ? line : "\(line), \(remark)"
    }

    /// `48 s`, `3 min 20 s`, `2 h 5 min`
    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}

/// `value` with `places` digits after the point, whatever the locale.
func decimals(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
}
