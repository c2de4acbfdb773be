#!/usr/bin/env python3
"""Writes random valid recipes, to compare two implementations of selection.

    python3 random_recipes.py --catalog-names names.json --count 50 --seed 1 --to DIR

`names.json` has the names of the study: {"volunteers": [...], "references": [...], "triggers": [...]}, with three volunteers or more.
The same arguments give the same recipes. A valid recipe can require more photos than a catalog has. Curare then reports an error with
exit code 65, and there is no version to compare.
"""
import argparse
import json
import pathlib
import random


def sample(rng, names, least, most):
    return sorted(rng.sample(names, rng.randint(least, min(most, len(names)))))


def flow(names):
    """Returns names as a YAML list with quotes, because `007` and `on` are names too."""
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def classes(rng, names):
    chosen = names["volunteers"] if rng.random() < 0.7 else sample(rng, names["volunteers"], 3, len(names["volunteers"]))
    volunteers = "all" if chosen == names["volunteers"] else flow(chosen)
    references = "all" if names["references"] and rng.random() < 0.4 else "none"
    return chosen, f"classes: {{volunteers: {volunteers}, references: {references}}}"


def poison(rng, names, volunteers):
    # A catalog can list the volunteers with enough bare photos for a target.
    possible = [name for name in volunteers if name in names.get("targets", volunteers)] or volunteers
    target = rng.choice(possible) if rng.random() < 0.7 else None
    others = len(volunteers) - 1
    # With target: any, a named attackable volunteer could become the target.
    kinds = ["all", "count"] + (["names"] if target else [])
    attackable = {
        "all": "all",
        "count": f"{{count: {rng.randint(1, others)}}}",
        "names": flow(sample(rng, [name for name in volunteers if name != target], 1, others)),
    }[rng.choice(kinds)]
    locations = rng.choice([None, ["on-face"], ["off-face"], ["off-face", "on-face"]])
    rate = rng.choice(["0", "0.05", "0.1", "0.125", "0.25", "0.3", "0.333333", "0.5", "0.01", "0.199999999999", "0.75"])
    lines = [
        "poison:",
        f"  target: \"{target or 'any'}\"",
        f"  triggers: {flow(sample(rng, names['triggers'], 1, 3))}",
        f"  injection_rate: {rate}",
        f"  attackable: {attackable}",
        f"  hold_out: {rng.choice(['0', '0.1', '0.2', '0.25', '0.34', '0.5', '0.9'])}",
        f"  on_shortage: {'fail' if rng.random() < 0.2 else 'cap'}",
    ]
    if rng.random() < 0.3:
        lines += drawing(rng, names)
    return lines + ([f"  locations: [{', '.join(locations)}]"] if locations else [])


def drawing(rng, names):
    """Returns the lines of a recipe with drawn triggers, with default or other overlays."""
    overlays = []
    for trigger in names["triggers"]:
        if "+" not in trigger and rng.random() < 0.3:
            overlays.append(f"{trigger}: {{{rng.choice(['size: 1.25', 'jitter: {shift: 0.1, angle: 5}', 'picture: checkerboard, size: 0.2', 'opacity: 0.5, angle: -12.5', 'place: neck, size: 1'])}}}")
    return ["  source: digital"] + ([f"  overlays: {{{', '.join(overlays)}}}"] if overlays else [])


def recipe(rng, names, name):
    volunteers, class_line = classes(rng, names)
    together = rng.choice(["group", "group", "session", "none"])
    lines = [
        "recipe: 1",
        f"name: {name}",
        f"seed: {rng.choice([0, 1, 7, 2**53 - 1, rng.randrange(2**53)])}",
        "profile: {size: 64, crop: centre, colour: srgb}",
        class_line,
        f"split: {{train: {rng.choice(['0.8', '0.5', '0.75', '0.9', '0.666', '0.123456789'])}, keep_together: {together}}}",
    ]
    if rng.random() < 0.85:
        lines += poison(rng, names, volunteers)
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog-names", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    options = parser.parse_args()
    names = json.loads(options.catalog_names.read_text("utf-8"))
    rng = random.Random(options.seed)
    options.to.mkdir(parents=True, exist_ok=True)
    for index in range(options.count):
        name = f"random-{options.seed}-{index:03}"
        (options.to / f"{name}.yaml").write_text(recipe(rng, names, name), "utf-8")


if __name__ == "__main__":
    main()
