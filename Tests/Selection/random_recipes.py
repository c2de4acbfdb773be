#!/usr/bin/env python3
"""Writes random recipes, each a valid one, to hold two implementations of selection against each other.

    python3 random_recipes.py --catalog-names names.json --count 50 --seed 1 --to DIR

`names.json` says what there is to choose from: {"volunteers": [...], "references": [...], "triggers": [...]}, three volunteers or more.
The same arguments give the same recipes. A valid recipe may still ask for more than a catalog holds: Curare then refuses it with 65,
and there is no version to compare.
"""
import argparse
import json
import pathlib
import random


def sample(dice, names, least, most):
    return sorted(dice.sample(names, dice.randint(least, min(most, len(names)))))


def flow(names):
    """Names as a YAML list, quoted: `007` and `on` are names too."""
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def classes(dice, names):
    chosen = names["volunteers"] if dice.random() < 0.7 else sample(dice, names["volunteers"], 3, len(names["volunteers"]))
    volunteers = "all" if chosen == names["volunteers"] else flow(chosen)
    references = "all" if names["references"] and dice.random() < 0.4 else "none"
    return chosen, f"classes: {{volunteers: {volunteers}, references: {references}}}"


def poison(dice, names, volunteers):
    # A catalog may say who has bare photos enough to be the target.
    able = [name for name in volunteers if name in names.get("targets", volunteers)] or volunteers
    target = dice.choice(able) if dice.random() < 0.7 else None
    others = len(volunteers) - 1
    # Where the target is left to the ranks, a named volunteer might turn out to be it.
    kinds = ["all", "count"] + (["names"] if target else [])
    attackable = {
        "all": "all",
        "count": f"{{count: {dice.randint(1, others)}}}",
        "names": flow(sample(dice, [name for name in volunteers if name != target], 1, others)),
    }[dice.choice(kinds)]
    locations = dice.choice([None, ["on-face"], ["off-face"], ["off-face", "on-face"]])
    rate = dice.choice(["0", "0.05", "0.1", "0.125", "0.25", "0.3", "0.333333", "0.5", "0.01", "0.199999999999", "0.75"])
    lines = [
        "poison:",
        f"  target: \"{target or 'any'}\"",
        f"  triggers: {flow(sample(dice, names['triggers'], 1, 3))}",
        f"  injection_rate: {rate}",
        f"  attackable: {attackable}",
        f"  hold_out: {dice.choice(['0', '0.1', '0.2', '0.25', '0.34', '0.5', '0.9'])}",
        f"  on_shortage: {'fail' if dice.random() < 0.2 else 'cap'}",
    ]
    if dice.random() < 0.3:
        lines += drawing(dice, names)
    return lines + ([f"  locations: [{', '.join(locations)}]"] if locations else [])


def drawing(dice, names):
    """The same attack with drawn triggers: as the program draws them, or with words of the recipe's own."""
    overlays = []
    for trigger in names["triggers"]:
        if "+" not in trigger and dice.random() < 0.3:
            overlays.append(f"{trigger}: {{{dice.choice(['size: 1.25', 'jitter: {shift: 0.1, angle: 5}', 'picture: checkerboard, size: 0.2', 'opacity: 0.5, angle: -12.5', 'place: neck, size: 1'])}}}")
    return ["  source: digital"] + ([f"  overlays: {{{', '.join(overlays)}}}"] if overlays else [])


def recipe(dice, names, name):
    volunteers, class_line = classes(dice, names)
    together = dice.choice(["group", "group", "session", "none"])
    lines = [
        "recipe: 1",
        f"name: {name}",
        f"seed: {dice.choice([0, 1, 7, 2**53 - 1, dice.randrange(2**53)])}",
        "profile: {size: 64, crop: centre, colour: srgb}",
        class_line,
        f"split: {{train: {dice.choice(['0.8', '0.5', '0.75', '0.9', '0.666', '0.123456789'])}, keep_together: {together}}}",
    ]
    if dice.random() < 0.85:
        lines += poison(dice, names, volunteers)
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog-names", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    options = parser.parse_args()
    names = json.loads(options.catalog_names.read_text("utf-8"))
    dice = random.Random(options.seed)
    options.to.mkdir(parents=True, exist_ok=True)
    for index in range(options.count):
        name = f"random-{options.seed}-{index:03}"
        (options.to / f"{name}.yaml").write_text(recipe(dice, names, name), "utf-8")


if __name__ == "__main__":
    main()
