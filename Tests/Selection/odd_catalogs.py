#!/usr/bin/env python3
"""Makes unusual catalogs with random recipes, and compares Curare's versions of them with the second implementation.

    python3 odd_catalogs.py --make DIR --count 200 --seed 1    makes a folder for each case: catalog-1.json, recipe-1.yaml and often
                                                               catalog-2.json, recipe-2.yaml
    python3 odd_catalogs.py --check DIR                        prints one JSON line for each case with a difference, and one line with
                                                               counts; exit 1 if there is a difference

The second recipe extends the version of the first recipe, with the second catalog. Between the two calls, Curare writes each version
into `study/versions/NAME/V` of the case's folder, or its error message into `error-1.txt` or `error-2.txt`.
"""
import argparse
import hashlib
import json
import pathlib
import random
import sys
from collections import Counter, defaultdict

import random_recipes
from eligibility import eligible
from second_implementation import FROM_PIXELS, SelectionError, base_version_of, sample_id, pairs, read_entries, read_recipe, reselected

TRIGGERS = ["bandana", "dots", "sunglasses"]
TRIGGER_STATES = [("bandana", "off-face"), ("dots", "on-face"), ("sunglasses", "on-face"), ("sunglasses", "off-face"), ("bandana+sunglasses", "off-face+on-face"),
        ("bandana+sunglasses", "on-face+on-face")]


def digest(*words):
    return hashlib.sha256("/".join(map(str, words)).encode()).hexdigest()


class PhotoGenerator:
    """Generates the photos of one case. No id occurs twice."""

    def __init__(self, rng, case):
        self.rng, self.case, self.number = rng, case, 0

    def photo(self, name, trigger_state=("none", "none"), pixels=None, session="s1"):
        self.number += 1
        kind = "reference" if name.startswith("r") else "volunteer"
        photo = {"photo": digest(self.case, self.number), "volunteer": name, "kind": kind, "trigger": trigger_state[0], "location": trigger_state[1],
                "session": session, "date": f"2026-0{session[1:]}-15", "consented": self.rng.random() > 0.02, "pixels": pixels or digest("pixels", self.case, self.number),
                "face": self.rng.choice(["one", "one", "one", "none", "several", "marked"])}
        return photo | {"flags": self.flags(photo)}

    @staticmethod
    def flags(photo):
        """Returns quality flags. All faces have two pixels and are too small; other flags are random."""
        bits = int(photo["photo"][:4], 16)
        flags = [flag for bit, flag in enumerate(["blurred", "too-dark", "too-bright"]) if bits >> 3 * bit & 7 == 0]
        if photo["face"] == "none":
            return flags
        return flags + ["small-face"] + (["cut-off"] if bits >> 9 & 7 == 0 else [])

    def photos(self, names, bare, triggered, near_duplicates, sessions):
        """Generates up to `bare` bare and `triggered` triggered pictures of each person, each up to `near_duplicates` times. A near-duplicate can have other triggers."""
        photos = []
        for name in names:
            for is_triggered, most in ((False, bare), (True, triggered if not name.startswith("r") else 0)):
                for _ in range(self.rng.randint(min(1, most), most)):
                    pixels, session = digest(self.case, name, self.rng.random()), f"s{self.rng.randint(1, sessions)}"
                    for _ in range(self.rng.randint(1, near_duplicates)):
                        photos.append(self.photo(name, self.rng.choice(TRIGGER_STATES) if is_triggered and self.rng.random() < 0.95 else ("none", "none"), pixels, session))
        return photos


def shapes(rng, generator):
    """Returns functions that make catalogs of different shapes."""
    people = ["007", "ada", "bo", "on", "v5"]
    one = digest("the one picture", generator.case)
    return [
        lambda: [generator.photo("ada")],
        lambda: [generator.photo("ada", pixels=one) for _ in range(rng.randint(2, 6))],
        lambda: [generator.photo(name, trigger_state, pixels=one) for name in people[:3] for trigger_state in [("none", "none"), TRIGGER_STATES[2]] for _ in range(rng.randint(1, 4))],
        lambda: generator.photos(people[:2], 1, 4, 3, 1),
        lambda: [generator.photo(name, trigger_state, pixels=digest(generator.case, name, trigger_state, number // 3)) for name in people for trigger_state in [("none", "none"), TRIGGER_STATES[2]] for number in range(12)],
        lambda: [generator.photo(f"v{number:03}") for number in range(100)],
        lambda: [photo for number in range(100) for photo in (generator.photo(f"v{number:03}"), generator.photo(f"v{number:03}", TRIGGER_STATES[2]))],
        lambda: generator.photos(["r1", "r2"], 6, 0, 2, 1),
        lambda: generator.photos(people, 0, 5, 2, 2),
        lambda: generator.photos(people + ["r1", "r2"], 12, 12, 3, 4),
        lambda: generator.photos(people + ["r1"], 25, 15, 1, 2),
        lambda: generator.photos(people, 6, 20, 4, 3),
        lambda: generator.photos(people, 9, 30, 1, 4),
        lambda: generator.photos(people + ["r1"], 15, 30, 3, 4),
        lambda: generator.photos(people, 30, 30, 2, 4),
        lambda: generator.photos(people[:3], 10, 25, 5, 4),
    ]


def grown(rng, generator, photos):
    """Returns the catalog some months later: with a withdrawal, corrected labels, renamed sessions and more photos."""
    names = sorted({photo["volunteer"] for photo in photos if photo["volunteer"]})
    gone = set(rng.sample(names, 1)) if len(names) > 2 and rng.random() < 0.25 else set()
    renamed = rng.choice([0.03, 0.3])
    after = []
    for photo in photos:
        if photo["volunteer"] in gone or rng.random() < 0.02:
            continue
        change = rng.random()
        if change < 0.03:
            photo = photo | dict(zip(("trigger", "location"), rng.choice(TRIGGER_STATES + [("none", "none")]) if photo["kind"] == "volunteer" else ("none", "none")))
        elif change < 0.04:
            photo = photo | {"consented": False}
        elif change < 0.04 + renamed:
            photo = photo | {"session": f"s{rng.randint(1, 4)}"}
        after.append(photo)
    for photo in list(photos):
        if rng.random() < 0.15 and photo["volunteer"] and photo["volunteer"] not in gone:
            after.append(generator.photo(photo["volunteer"], (photo["trigger"], photo["location"]), photo["pixels"], photo["session"]))
    return after + generator.photos(names + (["zoe"] if rng.random() < 0.3 else []), 5, 5, 3, 4)


def first_recipe(rng, photos, name):
    volunteers = sorted({photo["volunteer"] for photo in photos if photo["volunteer"] and photo["kind"] == "volunteer"})
    references = sorted({photo["volunteer"] for photo in photos if photo["kind"] == "reference"})
    pictures = {name: {photo["pixels"] for photo in photos if photo["volunteer"] == name and not pairs(photo)} for name in volunteers}
    targets = [name for name in volunteers if len(pictures[name]) > 1]
    names = {"volunteers": volunteers, "references": references, "triggers": TRIGGERS + ["bandana+sunglasses", "sunglasses+bandana+dots"], "targets": targets}
    if not targets and rng.random() < 0.8:
        text = f"recipe: 1\nname: {name}\nseed: {rng.randrange(99)}\nclasses: {{references: all}}\nsplit: {{keep_together: {rng.choice(['group', 'session', 'none'])}}}\n"
    elif len(volunteers) >= 3:
        text = random_recipes.recipe(rng, names, name)
    else:
        target = rng.choice(targets or volunteers or ["nobody"])
        text = f"recipe: 1\nname: {name}\nseed: {rng.randrange(99)}\nclasses: {{references: all}}\n"
        if rng.random() < 0.6:
            text += f'poison: {{target: "{target}", triggers: [sunglasses], injection_rate: 0.2, on_shortage: cap}}\n'
    if rng.random() < 0.2:
        text = text.replace("classes: {", f"classes: {{max_per_class: {rng.randint(1, 12)}, ", 1)
    if rng.random() < 0.2:
        requested = rng.choice(["sessions: [s1, s2, s4]", "from: 2026-02-01", "to: 2026-03-31", "face: found", "face: one, to: 2026-04-30", "without: [blurred, too-dark]", "without: [cut-off]", "face: found, without: [too-bright]"])
        text += f"photos: {{{requested}}}\n"
    return text


def second_recipe(rng, name, first):
    lines = ["recipe: 1", f"name: {name}", f"extends: {name}@1"]
    poison = [line for line, chance in (("injection_rate: 0.4", 0.3), ("injection_rate: 0.02", 0.2), ("hold_out: 0.5", 0.2), ("on_shortage: cap", 0.7), ("attackable: all", 0.2), ("target: any", 0.1))
              if rng.random() < chance]
    poison = [line for line in poison if not (line.endswith("0.02") and "injection_rate: 0.4" in poison)]
    if poison and ("poison:" in first or rng.random() < 0.05):
        lines.append(f"poison: {{{', '.join(poison)}}}")
    if rng.random() < 0.05:
        lines.append("seed: 123456")
    if rng.random() < 0.2:
        lines.append("photos: {}")
    return "\n".join(lines) + "\n"


def make(folder, count, seed):
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        case = folder / f"case-{number:03}"
        case.mkdir(parents=True)
        generator = PhotoGenerator(rng, f"{seed} {number}")
        made = shapes(rng, generator)
        photos = made[number % len(made)]()
        if rng.random() < 0.2:
            photos = [photo | {"volunteer": None, "kind": None, "trigger": "none", "location": "none"} if rng.random() < 0.1 else photo for photo in photos]
        name = case.name
        (case / "catalog-1.json").write_text(json.dumps(photos))
        (case / "recipe-1.yaml").write_text(first_recipe(rng, photos, name))
        if rng.random() < 0.8:
            (case / "catalog-2.json").write_text(json.dumps(grown(rng, generator, photos)))
            (case / "recipe-2.yaml").write_text(second_recipe(rng, name, (case / "recipe-1.yaml").read_text()))


def without_pixels(entry):
    return {key: value for key, value in entry.items() if key not in FROM_PIXELS}


def differences(case, number, parent):
    """Returns the differences of a case's version, the version as a base, and its entries. The latter are None when there is no version."""
    text, catalog = (case / f"recipe-{number}.yaml").read_text(), json.loads((case / f"catalog-{number}.json").read_text())
    error_file, version = case / f"error-{number}.txt", case / "study" / "versions" / case.name / str(number)
    try:
        recipe = read_recipe(text, parent)
        photos, excluded = eligible(catalog, recipe, parent)
        entries = [{key: photo[key] for key in ("photo", "volunteer", "kind", "trigger", "location", "session", "group")} | {"source": "physical", "image": photo["photo"]} for photo in photos]
        if not entries:
            raise SelectionError("there is no photo")
        decided, numbers, selection = reselected(entries, recipe, parent)
    except SelectionError as error:
        return ([] if error_file.exists() else [f"only the second implementation has an error: {error}"]), None, None
    if not version.exists():
        return [f"only Curare has an error: {error_file.read_text() if error_file.exists() else 'without a message'}"], None, None
    manifest, first = json.loads((version / "manifest.json").read_bytes()), read_entries(version)
    wrong = [f"{key}: {manifest[key]}, not {value}" for key, value in numbers.items() if not key.endswith("digest") and manifest[key] != value]
    if manifest["excluded"] != excluded:
        wrong.append(f"excluded: {manifest['excluded']}, not {excluded}")
    own = {sample_id(entry): without_pixels(entry) for entry in decided}
    if len(first) != len(own) or len(set(map(sample_id, first))) != len(first):
        wrong.append("other photos, or a repeated photo")
    wrong += [f"{entry['photo'][:8]}: {without_pixels(entry)}, not {own.get(sample_id(entry))}" for entry in first if without_pixels(entry) != own.get(sample_id(entry))]
    if manifest["selection_digest"] != numbers["selection_digest"]:
        wrong.append("selection_digest")
    return wrong + broken_invariants(first, manifest, recipe, parent, selection), base_version_of(entries, text, parent), first


def broken_invariants(entries, manifest, recipe, parent, selection):
    """Returns the invariants of versions that the entries break."""
    wrong, sides = [], defaultdict(set)
    poison = [entry for entry in entries if entry["role"] == "train/poison"]
    for entry in entries:
        if recipe["keep_together"] == "group":
            sides[entry["group"], entry["trigger"], entry["location"], entry["source"]].add(entry["role"].split("/")[0])
        prior_assignment = parent and parent.prior_assignment(entry)
        if prior_assignment and prior_assignment[0] != entry["role"].startswith("train/"):
            wrong.append(f"{entry['photo'][:8]} has another side than in the base version")
    if any(len(side) > 1 for side in sides.values()):
        wrong.append("a group is on both sides")
    if not recipe["poison"]:
        return wrong
    target = manifest["recipe"]["poison"]["target"]
    wrong += [f"{entry['photo'][:8]} is poison of the target, or has another label than the target" for entry in poison if entry["volunteer"] == target or entry["label"] != target]
    if len(poison) != manifest["m"] or not parent and len(poison) > manifest["m_asked"]:
        wrong.append("m")
    if recipe["poison"]["source"] == "digital":
        poisoned, tested = {entry["photo"] for entry in poison}, {entry["photo"] for entry in entries if entry["role"] == "test/attack"}
        by_photo = {entry["photo"]: entry["role"] for entry in entries if entry["source"] == "physical"}
        if not parent and len(poison) != min(manifest["m_asked"], selection.pool):
            wrong.append("m is not the required number")
        if {by_photo[photo] for photo in poisoned} - {"train/clean"} or {by_photo[photo] for photo in tested} - {"test/clean"}:
            wrong.append("a copy is not on the side of its photo")
        return wrong
    # The next unit of the pool must be larger than the missing number; the largest unit is a bound.
    reachable = min(manifest["m_asked"], selection.pool)
    units = Counter({"group": entry["group"], "session": entry["session"], "none": entry["photo"]}[recipe["keep_together"]] for entry in entries)
    if reachable - len(poison) >= max(units.values(), default=1) and reachable > len(poison):
        wrong.append("m is more than a unit below the required number")
    candidates = [entry for entry in entries if entry["role"] in ("train/poison", "test/attack")]
    if recipe["poison"]["hold_out"] > 0 and candidates and len(poison) == len(candidates) and not parent:
        wrong.append("there is no photo for the attack test")
    return wrong


def check(folder):
    numbers, wrong = Counter(), 0
    for case in sorted(path for path in folder.iterdir() if path.name.startswith("case-")):
        problems, parent, _ = differences(case, 1, None)
        numbers["versions" if parent else "errors"] += 1
        numbers["drawn"] += bool(parent and parent.selection.copies)
        if parent and (case / "recipe-2.yaml").exists():
            more, child, entries = differences(case, 2, parent)
            problems += [f"extended: {problem}" for problem in more]
            numbers["extended" if child else "extensions with errors"] += 1
            numbers["extended and drawn"] += any(entry["source"] == "digital" for entry in entries or [])
            numbers["kept"] += sum(parent.prior_assignment(entry) is not None for entry in entries or [])
            numbers["new"] += sum(parent.prior_assignment(entry) is None for entry in entries or [])
            if child:
                numbers["bridges"] += json.loads((case / "study" / "versions" / case.name / "2" / "manifest.json").read_bytes())["excluded"].get("bridges", 0)
        if problems:
            wrong += 1
            print(json.dumps({"case": case.name, "problems": problems[:5]}))
    print(json.dumps({"wrong": wrong, **numbers}))
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--make", type=pathlib.Path)
    what.add_argument("--check", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    return check(options.check) if options.check else make(options.make, options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
