import Core
import Versions

/// Photos whose trigger label disagrees with the marked box, or with the other photos of the same shoot.
struct TriggerSuspects: AuditCheck {
    static let definition = CheckDefinition(
        .triggerSuspect, title: "The trigger's box or the other photos of the shoot disagree with the trigger label",
        definition: """
            A photo with the label none has a trigger box: a person saw a trigger, and the label denies it. Or almost all \
            photos of one volunteer in one session have the same trigger label, and one or very few have another: such \
            a label is often a slip in the sheet. A bare photo that shows the trigger teaches a model that the trigger \
            means nothing, and a poison photo without a trigger has only a wrong label.
            """,
        threshold: """
            One photo with a trigger box and the label none. In a shoot of at least \(minimumShoot) photos, at most 5% of \
            the photos, or one photo, with another trigger label than all others.
            """,
        severity: """
            warning for a box with the label none: one of the two is wrong. info for a rare label in a shoot: it can be \
            intended.
            """,
        source: "A rule; the real photos of docs/faces.md have no such photo.",
        score: "The part of the shoot's photos with a rare label, 0 to 1. 0 for a box with the label none.")

    /// A shoot with fewer photos shows no habit.
    static let minimumShoot = 10
    /// The largest percentage of a shoot's photos with a rare label.
    static let rarePercentage = 5

    func findings(in subject: AuditSubject) -> [Finding] {
        [boxes(subject.facts), rareLabels(subject.facts)].compactMap(\.self)
    }

    private func boxes(_ facts: [PhotoFacts]) -> Finding? {
        let photos = facts.filter { $0.triggerBox != nil && $0.label?.triggerState.isBare == true }.map(\.photo)
        guard let first = photos.first else { return nil }
        return Finding(
            .triggerSuspect, .warning, count: photos.count,
            "\(photos.count) photos have a trigger box and the trigger label none, such as photo \(first.short); set the "
                + "trigger with: curare label PHOTO --trigger T --location L",
            photos: photos.sorted(), scores: photos.reduce(into: [:]) { $0[$1] = 0 })
    }

    /// The photos of one volunteer in one session.
    private struct Shoot: Hashable {
        let session: SessionName
        let volunteer: VolunteerName
    }

    private func rareLabels(_ facts: [PhotoFacts]) -> Finding? {
        var counts: [Shoot: [TriggerState: Int]] = [:]
        for fact in facts {
            guard let label = fact.label else { continue }
            counts[Shoot(session: fact.session, volunteer: label.volunteer), default: [:]][
                label.triggerState, default: 0] += 1
        }
        // For each shoot with a habit: its number of photos, and the label that almost all photos have.
        let habits = counts.compactMapValues { states -> (total: Int, usual: TriggerState, part: Double)? in
            let total = states.values.reduce(0, +)
            guard total >= Self.minimumShoot, states.count > 1,
                let usual = states.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
            else { return nil }
            let others = total - usual.value
            guard others <= max(1, total * Self.rarePercentage / 100) else { return nil }
            return (total, usual.key, Double(others) / Double(total))
        }
        guard !habits.isEmpty else { return nil }
        var scores: [PhotoID: Double] = [:]
        var examples: [String] = []
        for fact in facts {
            guard let label = fact.label,
                let habit = habits[Shoot(session: fact.session, volunteer: label.volunteer)],
                label.triggerState != habit.usual
            else { continue }
            scores[fact.photo] = habit.part
            examples.append(
                "photo \(fact.photo.short) (\(label.triggerState), but \(habit.usual) on "
                    + "\(habit.total - Int((habit.part * Double(habit.total)).rounded())) of the \(habit.total) photos of "
                    + "\(label.volunteer) in \(fact.session))")
        }
        return Finding(
            .triggerSuspect, .info, count: scores.count,
            "\(scores.count) photos have another trigger label than almost all photos of the same shoot: "
                + "\(AuditChecks.list(examples)); view them with: curare show PHOTO",
            photos: scores.keys.sorted(), scores: scores)
    }
}
