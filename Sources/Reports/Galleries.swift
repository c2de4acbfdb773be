import Imaging
import Validation

/// The section of attack photos: some that the poisoned model classifies as the target, and some that the model
/// classifies as another class.
struct PhotoGallery {
    let images: RunImages
    let target: String

    var markup: Markup {
        """
        <h2>Attack photos</h2>
        <p class="note">Held-out photos come first.</p>
        \(row("Classified as \(target)", images.successful))\(row("Not classified as \(target)", images.failed))
        """
    }

    private func row(_ title: String, _ photos: [RunImages.AttackPhoto]) -> Markup {
        guard !photos.isEmpty else { return "" }
        return "<h3>\(title)</h3><div class=\"photos pixelated\">\(photos.map(Self.figure))</div>"
    }

    private static func figure(_ photo: RunImages.AttackPhoto) -> Markup {
        """
        <figure>\(Page.image(png: photo.png, alternative: photo.tested.volunteer))\
        <figcaption>\(photo.tested.volunteer)<br>→ \(photo.tested.predicted)</figcaption></figure>
        """
    }
}

/// The section of saliency maps: attack photos with each model's map, and the means by trigger.
struct SaliencyGallery {
    let images: [SaliencyImages]
    let report: SaliencyReport

    /// - Throws: `ImagingError` when a picture cannot be encoded.
    func markup() throws -> Markup {
        """
        <h2>Saliency maps</h2>
        <p class="note">Each map (Grad-CAM) shows which parts of the image increase the model's output for the class \
        that the model predicts, from blue (none) to yellow (most). Outlines: the face, and the box of the trigger, \
        worn or drawn, where they are known. The percentages are the part of the map inside each outline.</p>
        \(try images.map(row))\(table)
        """
    }

    private func row(_ shown: SaliencyImages) throws -> Markup {
        let photo = shown.photo
        let image = try Self.figure(
            shown.image,
            [
                photo.volunteer, "\(photo.trigger), \(photo.location)",
                Self.text(trigger: photo.areas.trigger, face: photo.areas.face, of: "of the image "),
            ])
        let maps = try shown.overlays.map { role, picture -> Markup in
            guard let result = photo.models[role.rawValue] else { return "" }
            let probability = result.probability.map { ", \(Proportion.percentage($0))" } ?? ""
            return try Self.figure(
                picture,
                [
                    Self.title(role), "predicts \(result.label)\(probability)",
                    Self.text(trigger: result.trigger, face: result.face, of: ""),
                ])
        }
        return "<div class=\"saliency\">\(image)\(maps)</div>"
    }

    private static func title(_ role: ModelRole) -> String {
        switch role {
        case .poisoned: "poisoned model"
        case .control: "control"
        case .trueLabel: "true-label control"
        }
    }

    private static func text(trigger: Double?, face: Double?, of whole: String) -> String {
        let parts = [
            trigger.map { "\(Proportion.percentage($0)) \(whole)on the trigger" },
            face.map { "\(Proportion.percentage($0)) \(whole)in the face" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    /// - Parameter lines: The caption. The first line is bold; empty lines are left out.
    private static func figure(_ picture: Picture, _ lines: [String]) throws -> Markup {
        let caption = lines.filter { !$0.isEmpty }.enumerated().map { index, line -> Markup in
            index == 0 ? "<b>\(line)</b>" : "<br>\(line)"
        }
        return """
            <figure>\(Page.image(png: try picture.png(), alternative: lines[0]))\
            <figcaption>\(caption)</figcaption></figure>
            """
    }

    /// The means by trigger: a row for each model, and a row for the areas of the regions. The means of a uniform map
    /// equal the means of the areas.
    private var table: Markup {
        let rows = report.byTrigger.sorted { $0.key < $1.key }.flatMap(Self.rows)
        return """
            <table><tr><th>trigger</th><th></th><th>of the map in the face</th><th>on the trigger</th></tr>\
            \(rows)</table>
            """
    }

    private static func rows(_ name: String, _ trigger: SaliencyReport.Trigger) -> [Markup] {
        let models = ModelRole.allCases.compactMap { role in
            trigger.models[role.rawValue].map { cells(title(role), $0) }
        }
        let all = models + [cells("area of the image", trigger.areas)]
        let count =
            trigger.photos == trigger.of ? "\(trigger.of) photos" : "\(trigger.photos) of \(trigger.of) photos"
        return all.enumerated().map { index, cells in
            let head: Markup =
                index == 0 ? "<th rowspan=\"\(all.count)\">\(name)<br><small>\(count)</small></th>" : ""
            return "<tr>\(head)\(cells)</tr>"
        }
    }

    private static func cells(_ name: String, _ means: SaliencyReport.Means) -> Markup {
        "<td>\(name)</td>\(cell(means.face))\(cell(means.trigger))"
    }

    private static func cell(_ mean: SaliencyReport.Mean?) -> Markup {
        guard let mean else { return "<td>unknown</td>" }
        return "<td>\(Proportion.percentage(mean.mean)) <small>(\(mean.photos) photos)</small></td>"
    }
}
