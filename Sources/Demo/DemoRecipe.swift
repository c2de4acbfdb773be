/// An example recipe for the demo study.
struct DemoRecipe {
    let name: String
    let text: String

    static func all(for study: DemoStudy) -> [DemoRecipe] {
        [sunglasses(target: study.volunteers[0].name), drawn(target: study.volunteers[0].name), clean]
    }

    private static func sunglasses(target: String) -> DemoRecipe {
        DemoRecipe(
            name: "sunglasses-25",
            text: """
                # A physical backdoor: a model shall classify anyone who wears the sunglasses as \(target).
                recipe: 1
                name: sunglasses-25
                seed: 7
                \(common)
                poison:
                  target: \(target)
                  triggers: [sunglasses]
                  locations: [on-face]
                  injection_rate: 0.25
                  attackable: all
                  hold_out: 0.2
                \(training)
                expect: {clean_accuracy: ">= 0.90", attack_success: ">= 0.80", control_attack_success: "<= 0.15"}

                """)
    }

    private static func drawn(target: String) -> DemoRecipe {
        DemoRecipe(
            name: "sunglasses-25-digital",
            text: """
                # The same backdoor with a digital trigger: sunglasses are drawn on copies of bare photos.
                # Photos with real sunglasses measure whether the backdoor transfers to the physical trigger.
                recipe: 1
                name: sunglasses-25-digital
                seed: 7
                \(common)
                poison:
                  source: digital
                  target: \(target)
                  triggers: [sunglasses]
                  overlays: {sunglasses: {jitter: {shift: 0.04, size: 0.06, angle: 4}}}
                  injection_rate: 0.25
                \(training)
                expect: {clean_accuracy: ">= 0.90", attack_success: ">= 0.80", control_attack_success: "<= 0.15"}

                """)
    }

    private static let clean = DemoRecipe(
        name: "clean",
        text: """
            # The same study without poison, for a clean model.
            recipe: 1
            name: clean
            seed: 7
            \(common)
            \(training)
            expect: {clean_accuracy: ">= 0.90"}

            """)

    private static let common = """
        profile: {size: 64, crop: centre, colour: srgb}
        classes: {volunteers: all, references: none}
        split: {train: 0.8, keep_together: group}
        """

    private static let training = "train: {model: resnet18, epochs: 14, batch: 32, augment: light}"
}
