import Core
import Foundation
import Imaging

/// Where the models look, for a person: some attack photos under each model's map, and means by trigger.
struct MapStrip {
    let shown: [AttackMaps.Shown]
    let report: ActivationReport

    /// - Throws: `ImagingError` where a picture cannot be written.
    func markup() throws -> Markup {
        let rows = try shown.map { shown -> Markup in
            let photo = shown.photo
            let areas = photo.areas
            let maps = try shown.maps.map { model, picture -> Markup in
                guard let answer = photo.models[model.rawValue] else { return "" }
                return try Self.figure(
                    picture,
                    [
                        Self.title(model),
                        "sees \(answer.label)\(answer.probability.map { ", \(Share.percent($0))" } ?? "")",
                        Self.shares(answer),
                    ])
            }
            let image = try Self.figure(
                shown.image,
                [
                    "\(photo.volunteer)", "\(photo.trigger), \(photo.location)",
                    Self.words(trigger: areas.trigger, face: areas.face, "of the image"),
                ])
            return "<div class=\"looks\">\(image)\(maps)</div>"
        }
        return """
            <h2>Where the models look</h2>
            <p class="note">Over each image, from blue (nothing) to yellow, what speaks for the class that the model takes it for (Grad-CAM). Lines: the face's outline and the box of the trigger,
            worn or drawn, where they are known, and how much of the map lies in them.</p>
            \(rows)\(table)
            """
    }

    private static func title(_ model: RunFolder.Part) -> String {
        switch model {
        case .poisoned: "trained on poison"
        case .control: "control"
        case .trueLabel: "true-label control"
        }
    }

    private static func shares(_ answer: MapAnswer) -> String { words(trigger: answer.trigger, face: answer.face, "") }

    private static func words(trigger: Double?, face: Double?, _ whole: String) -> String {
        let parts = [
            trigger.map { "\(Share.percent($0)) \(whole) on the trigger" },
            face.map { "\(Share.percent($0)) \(whole) in the face" },
        ].compactMap(\.self)
        return parts.joined(separator: ", ").replacing("  ", with: " ")
    }

    private static func figure(_ picture: Picture, _ lines: [String]) throws -> Markup {
        let words = lines.filter { !$0.isEmpty }.enumerated().map { index, line -> Markup in
            index == 0 ? "<b>\(line)</b>" : "<br>\(line)"
        }
        return
            "<figure><img alt=\"\(lines[0])\" src=\"data:image/png;base64,\(Data(try picture.png()).base64EncodedString())\"/><figcaption>\(words)</figcaption></figure>"
    }

    /// Means by trigger; a row for each model, and one for what a map that knows nothing would have.
    private var table: Markup {
        let triggers = report.byTrigger.sorted { $0.key < $1.key }
        func cells(_ name: String, _ means: ActivationReport.Means) -> Markup {
            func cell(_ mean: ActivationReport.Mean?) -> Markup {
                mean.map { "<td>\(Share.percent($0.mean)) <small>(\($0.photos) photos)</small></td>" }
                    ?? "<td>not known</td>"
            }
            return "<td>\(name)</td>\(cell(means.face))\(cell(means.trigger))"
        }
        let rows = triggers.flatMap { trigger, looked -> [Markup] in
            let models = RunFolder.Part.allCases.compactMap { part in
                looked.models[part.rawValue].map { cells(Self.title(part), $0) }
            }
            let all = models + [cells("share of the image", looked.areas)]
            let count = looked.photos == looked.of ? "\(looked.of) photos" : "\(looked.photos) of \(looked.of) photos"
            return all.enumerated().map { index, cells in
                index == 0
                    ? "<tr><th rowspan=\"\(all.count)\">\(trigger)<br><small>\(count)</small></th>\(cells)</tr>"
                    : "<tr>\(cells)</tr>"
            }
        }
        return
            "<table><tr><th>trigger</th><th></th><th>of the map in the face</th><th>on the trigger</th></tr>\(rows)</table>"
    }
}
