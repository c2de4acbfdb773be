import Core
import Foundation
import Workflows

/// Writes the events of a workflow to standard error.
final class EventReporter {
    private let isQuiet: Bool
    private var progress: [WorkflowStep: ProgressLine] = [:]

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    func report(_ event: WorkflowEvent) {
        switch event {
        case .progress(let step, let done, let total, let loss):
            guard !isQuiet else { return }
            let line = progress[step] ?? ProgressLine(Self.title(of: step), unit: Self.unit(of: step))
            progress[step] = line
            line.update(done, of: total, remark: loss.map { "loss \(decimals($0, 3))" } ?? "")
        case .ended(let step):
            progress.removeValue(forKey: step)?.clear()
        case .finishedWithdrawal(let subject):
            Terminal.writeLine("completed the unfinished withdrawal of \(subject)")
        case .finishedRemoval(let names):
            Terminal.writeLine("completed the unfinished removal of \(names.joined(separator: ", "))")
        case .failedRemoval(let error):
            Terminal.writeLine(
                "warning: a removal that was interrupted is still unfinished; complete it with: curare check --repair")
            Terminal.writeLine(Failure.text(of: error))
        case .workspaceIsReadOnly:
            Terminal.writeLine(
                """
                Curare cannot write in this workspace, and only reads the workspace. Curare does not see changes that \
                another process makes at the same time.
                """)
        case .incompleteWithdrawal(let subject):
            Terminal.writeLine(
                "warning: the withdrawal of \(subject) is incomplete; see what is left with: "
                    + WithdrawalText.nextCommand(subject))
        case .problem(let error):
            Terminal.writeLine(Failure.text(of: error))
        case .photosNotMeasured(let count, let example):
            Terminal.writeLine(
                """
                \(count) photos could not be measured, such as \(example.short): their original files are missing or \
                damaged; import their sessions again
                """)
        case .faceNetworkNotInstalled:
            guard !isQuiet else { return }
            Terminal.writeLine(
                """
                the face detector cnn finds more faces; install it with make face-weights, then: \
                curare faces --detector cnn
                """)
        case .facesNotEmbedded(let reason):
            if !isQuiet { Terminal.writeLine(FacesText.reason(reason)) }
        case .continuing(let run):
            if !isQuiet { Terminal.writeLine("continuing run \(run)") }
        case .chosenVersions(let choices):
            if !isQuiet { Terminal.writeLine(VersionText.notes(choices)) }
        case .beginning(let version, let number, let count):
            if !isQuiet { Terminal.writeLine("\(version) (\(number) of \(count))") }
        }
    }

    private static func title(of step: WorkflowStep) -> String {
        switch step {
        case .drawingDemo: "drawing"
        case .checkingPhotos: "checking"
        case .importingPhotos: "importing"
        case .measuringPhotos: "measuring"
        case .searchingFaces: "searching faces"
        case .embeddingFaces: "computing face embeddings"
        case .makingImages, .drawingSheet, .rebuildingImages: "making images"
        case .checkingImages: "checking images"
        case .remakingImages: "making images again"
        case .drawingTriggers: "drawing triggers"
        case .searchingPhotos: "searching photos"
        case .training(let model): "training \(model)"
        case .computingFeatures: "computing features"
        case .drawingSaliencyMaps: "drawing saliency maps"
        case .checkingOriginals: "checking originals"
        case .checkingRuns: "checking runs"
        case .checkingFiles: "checking files"
        case .copyingFiles: "copying"
        }
    }

    private static func unit(of step: WorkflowStep) -> String {
        switch step {
        case .drawingDemo, .checkingPhotos, .importingPhotos, .measuringPhotos, .searchingFaces, .embeddingFaces,
            .drawingSheet, .computingFeatures:
            "photos"
        case .makingImages, .checkingImages, .remakingImages, .drawingTriggers, .rebuildingImages: "images"
        case .searchingPhotos: "files"
        case .training: "steps"
        case .drawingSaliencyMaps: "maps"
        case .checkingOriginals: "photos"
        case .checkingRuns: "runs"
        case .checkingFiles, .copyingFiles: "files"
        }
    }
}

/// One line of progress with rate and remaining time: a bar on a terminal, plain lines elsewhere. A step that takes
/// less than half a second on a terminal, or two seconds elsewhere, prints nothing.
final class ProgressLine {
    private let title: String
    private let unit: String
    private let start = ContinuousClock.now
    private var lastUpdate: ContinuousClock.Instant
    private var isVisible = false

    /// - Parameters:
    ///   - title: The activity: `importing`.
    ///   - unit: What is counted: `photos`.
    init(_ title: String, unit: String) {
        self.title = title
        self.unit = unit
        lastUpdate = start
    }

    /// - Parameter remark: More text for the line, such as a loss.
    func update(_ done: Int, of total: Int, remark: String = "") {
        let now = ContinuousClock.now
        let pause: Duration =
            Terminal.isInteractive ? .milliseconds(isVisible ? 100 : 500) : .seconds(isVisible ? 10 : 2)
        guard total > 0, now - lastUpdate >= pause else { return }
        lastUpdate = now
        isVisible = true
        let line = Self.text(title, unit, done, total, seconds: (now - start).seconds, remark)
        if Terminal.isInteractive {
            let filled = 24 * done / total
            let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 24 - filled)
            Terminal.write("\r\u{1b}[K[\(bar)] \(line)")
        } else {
            Terminal.writeLine(line)
        }
    }

    /// Removes the bar from the terminal.
    func clear() {
        if isVisible, Terminal.isInteractive { Terminal.write("\r\u{1b}[K") }
    }

    /// `importing: 120 of 457 photos, 85.3 photos/s, 4 s left`
    static func text(_ title: String, _ unit: String, _ done: Int, _ total: Int, seconds: Double, _ remark: String)
        -> String
    {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        var line = "\(title): \(done) of \(total) \(unit), \(decimals(rate, 1)) \(unit)/s"
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

/// Returns `value` with `places` digits after the decimal point, in any locale.
func decimals(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
}
