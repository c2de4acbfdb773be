#!/usr/bin/env python3
"""Catalogs of every odd shape with random recipes, and whether Curare's versions of them are those of the second implementation.

    python3 odd_catalogs.py --make DIR --count 200 --seed 1    a folder a case: catalog-1.json recipe-1.yaml, often catalog-2.json recipe-2.yaml
    python3 odd_catalogs.py --check DIR                        one JSON line a wrong answer, and one of numbers; exit 1 if there is a wrong one

The second recipe extends the version of the first, over the catalog as it has become. Whoever selects puts each version in
`study/versions/NAME/V` of the case's folder, or the reason why there is none into `refused-1.txt`, `refused-2.txt`.
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
from second_implementation import FROM_PIXELS, Refused, as_parent, key_of, pairs, read_entries, read_recipe, reselected

TRIGGERS = ["bandana", "dots", "sunglasses"]
WORN = [("bandana", "off-face"), ("dots", "on-face"), ("sunglasses", "on-face"), ("sunglasses", "off-face"), ("bandana+sunglasses", "off-face+on-face"),
        ("bandana+sunglasses", "on-face+on-face")]


def digest(*words):
    return hashlib.sha256("/".join(map(str, words)).encode()).hexdigest()


class Shoot:
    """Draws the photos of one case; ids never repeat."""

    def __init__(self, dice, case):
        self.dice, self.case, self.number = dice, case, 0

    def photo(self, name, worn=("none", "none"), pixels=None, session="s1"):
        self.number += 1
        kind = "reference" if name.startswith("r") else "volunteer"
        photo = {"photo": digest(self.case, self.number), "volunteer": name, "kind": kind, "trigger": worn[0], "location": worn[1], "session": session,
                "date": f"2026-0{session[1:]}-15", "consented": self.dice.random() > 0.02, "pixels": pixels or digest("pixels", self.case, self.number),
                "face": self.dice.choice(["one", "one", "one", "none", "several", "marked"])}
        return photo | {"flags": self.flags(photo)}

    @staticmethod
    def flags(photo):
        """Faces of two pixels, all of them too small; the light as it comes."""
        luck = int(photo["photo"][:4], 16)
        flags = [flag for bit, flag in enumerate(["blurred", "too-dark", "too-bright"]) if luck >> 3 * bit & 7 == 0]
        if photo["face"] == "none":
            return flags
        return flags + ["small-face"] + (["cut-off"] if luck >> 9 & 7 == 0 else [])

    def photos(self, names, bare, worn, twins, sessions):
        """Up to `bare` and `worn` pictures of each person, each up to `twins` times; a twin may wear something else."""
        photos = []
        for name in names:
            for wears, most in ((False, bare), (True, worn if not name.startswith("r") else 0)):
                for _ in range(self.dice.randint(min(1, most), most)):
                    pixels, session = digest(self.case, name, self.dice.random()), f"s{self.dice.randint(1, sessions)}"
                    for _ in range(self.dice.randint(1, twins)):
                        photos.append(self.photo(name, self.dice.choice(WORN) if wears and self.dice.random() < 0.95 else ("none", "none"), pixels, session))
        return photos


def shapes(dice, shoot):
    """One catalog after the other, of the shapes in turn."""
    people = ["007", "ada", "bo", "on", "v5"]
    one = digest("the one picture", shoot.case)
    return [
        lambda: [shoot.photo("ada")],
        lambda: [shoot.photo("ada", pixels=one) for _ in range(dice.randint(2, 6))],
        lambda: [shoot.photo(name, worn, pixels=one) for name in people[:3] for worn in [("none", "none"), WORN[2]] for _ in range(dice.randint(1, 4))],
        lambda: shoot.photos(people[:2], 1, 4, 3, 1),
        lambda: [shoot.photo(name, worn, pixels=digest(shoot.case, name, worn, number // 3)) for name in people for worn in [("none", "none"), WORN[2]] for number in range(12)],
        lambda: [shoot.photo(f"v{number:03}") for number in range(100)],
        lambda: [photo for number in range(100) for photo in (shoot.photo(f"v{number:03}"), shoot.photo(f"v{number:03}", WORN[2]))],
        lambda: shoot.photos(["r1", "r2"], 6, 0, 2, 1),
        lambda: shoot.photos(people, 0, 5, 2, 2),
        lambda: shoot.photos(people + ["r1", "r2"], 12, 12, 3, 4),
        lambda: shoot.photos(people + ["r1"], 25, 15, 1, 2),
        lambda: shoot.photos(people, 6, 20, 4, 3),
        lambda: shoot.photos(people, 9, 30, 1, 4),
        lambda: shoot.photos(people + ["r1"], 15, 30, 3, 4),
        lambda: shoot.photos(people, 30, 30, 2, 4),
        lambda: shoot.photos(people[:3], 10, 25, 5, 4),
    ]


def grown(dice, shoot, photos):
    """The catalog some months later: somebody has withdrawn, labels were corrected, sessions were named anew, and there are more photos."""
    names = sorted({photo["volunteer"] for photo in photos if photo["volunteer"]})
    gone = set(dice.sample(names, 1)) if len(names) > 2 and dice.random() < 0.25 else set()
    renamed = dice.choice([0.03, 0.3])
    after = []
    for photo in photos:
        if photo["volunteer"] in gone or dice.random() < 0.02:
            continue
        change = dice.random()
        if change < 0.03:
            photo = photo | dict(zip(("trigger", "location"), dice.choice(WORN + [("none", "none")]) if photo["kind"] == "volunteer" else ("none", "none")))
        elif change < 0.04:
            photo = photo | {"consented": False}
        elif change < 0.04 + renamed:
            photo = photo | {"session": f"s{dice.randint(1, 4)}"}
        after.append(photo)
    for photo in list(photos):
        if dice.random() < 0.15 and photo["volunteer"] and photo["volunteer"] not in gone:
            after.append(shoot.photo(photo["volunteer"], (photo["trigger"], photo["location"]), photo["pixels"], photo["session"]))
    return after + shoot.photos(names + (["zoe"] if dice.random() < 0.3 else []), 5, 5, 3, 4)


def first_recipe(dice, photos, name):
    volunteers = sorted({photo["volunteer"] for photo in photos if photo["volunteer"] and photo["kind"] == "volunteer"})
    references = sorted({photo["volunteer"] for photo in photos if photo["kind"] == "reference"})
    pictures = {name: {photo["pixels"] for photo in photos if photo["volunteer"] == name and not pairs(photo)} for name in volunteers}
    targets = [name for name in volunteers if len(pictures[name]) > 1]
    names = {"volunteers": volunteers, "references": references, "triggers": TRIGGERS + ["bandana+sunglasses", "sunglasses+bandana+dots"], "targets": targets}
    if not targets and dice.random() < 0.8:
        text = f"recipe: 1\nname: {name}\nseed: {dice.randrange(99)}\nclasses: {{references: all}}\nsplit: {{keep_together: {dice.choice(['group', 'session', 'none'])}}}\n"
    elif len(volunteers) >= 3:
        text = random_recipes.recipe(dice, names, name)
    else:
        target = dice.choice(targets or volunteers or ["nobody"])
        text = f"recipe: 1\nname: {name}\nseed: {dice.randrange(99)}\nclasses: {{references: all}}\n"
        if dice.random() < 0.6:
            text += f'poison: {{target: "{target}", triggers: [sunglasses], injection_rate: 0.2, on_shortage: cap}}\n'
    if dice.random() < 0.2:
        text = text.replace("classes: {", f"classes: {{max_per_class: {dice.randint(1, 12)}, ", 1)
    if dice.random() < 0.2:
        asked = dice.choice(["sessions: [s1, s2, s4]", "from: 2026-02-01", "to: 2026-03-31", "face: found", "face: one, to: 2026-04-30", "without: [blurred, too-dark]", "without: [cut-off]", "face: found, without: [too-bright]"])
        text += f"photos: {{{asked}}}\n"
    return text


def second_recipe(dice, name, first):
    lines = ["recipe: 1", f"name: {name}", f"extends: {name}@1"]
    poison = [line for line, chance in (("injection_rate: 0.4", 0.3), ("injection_rate: 0.02", 0.2), ("hold_out: 0.5", 0.2), ("on_shortage: cap", 0.7), ("attackable: all", 0.2), ("target: any", 0.1))
              if dice.random() < chance]
    poison = [line for line in poison if not (line.endswith("0.02") and "injection_rate: 0.4" in poison)]
    if poison and ("poison:" in first or dice.random() < 0.05):
        lines.append(f"poison: {{{', '.join(poison)}}}")
    if dice.random() < 0.05:
        lines.append("seed: 123456")
    if dice.random() < 0.2:
        lines.append("photos: {}")
    return "\n".join(lines) + "\n"


def make(folder, count, seed):
    for number in range(count):
        dice = random.Random(f"{seed} {number}")
        case = folder / f"case-{number:03}"
        case.mkdir(parents=True)
        shoot = Shoot(dice, f"{seed} {number}")
        made = shapes(dice, shoot)
        photos = made[number % len(made)]()
        if dice.random() < 0.2:
            photos = [photo | {"volunteer": None, "kind": None, "trigger": "none", "location": "none"} if dice.random() < 0.1 else photo for photo in photos]
        name = case.name
        (case / "catalog-1.json").write_text(json.dumps(photos))
        (case / "recipe-1.yaml").write_text(first_recipe(dice, photos, name))
        if dice.random() < 0.8:
            (case / "catalog-2.json").write_text(json.dumps(grown(dice, shoot, photos)))
            (case / "recipe-2.yaml").write_text(second_recipe(dice, name, (case / "recipe-1.yaml").read_text()))


def without_pixels(entry):
    return {key: value for key, value in entry.items() if key not in FROM_PIXELS}


def differences(case, number, parent):
    """What is wrong with a case's version, and the version as a parent; ([], None) where both refuse it."""
    text, catalog = (case / f"recipe-{number}.yaml").read_text(), json.loads((case / f"catalog-{number}.json").read_text())
    refusal, version = case / f"refused-{number}.txt", case / "study" / "versions" / case.name / str(number)
    try:
        recipe = read_recipe(text, parent)
        photos, excluded = eligible(catalog, recipe, parent)
        entries = [{key: photo[key] for key in ("photo", "volunteer", "kind", "trigger", "location", "session", "group")} | {"source": "physical", "image": photo["photo"]} for photo in photos]
        if not entries:
            raise Refused("there is no photo")
        decided, numbers, selection = reselected(entries, recipe, parent)
    except Refused as refused:
        return ([] if refusal.exists() else [f"only the second refuses: {refused}"]), None, None
    if not version.exists():
        return [f"only the first refuses: {refusal.read_text() if refusal.exists() else 'without a word'}"], None, None
    manifest, first = json.loads((version / "manifest.json").read_bytes()), read_entries(version)
    wrong = [f"{key}: {manifest[key]}, not {value}" for key, value in numbers.items() if not key.endswith("digest") and manifest[key] != value]
    if manifest["excluded"] != excluded:
        wrong.append(f"excluded: {manifest['excluded']}, not {excluded}")
    own = {key_of(entry): without_pixels(entry) for entry in decided}
    if len(first) != len(own) or len(set(map(key_of, first))) != len(first):
        wrong.append("other photos, or one twice")
    wrong += [f"{entry['photo'][:8]}: {without_pixels(entry)}, not {own.get(key_of(entry))}" for entry in first if without_pixels(entry) != own.get(key_of(entry))]
    if manifest["selection_digest"] != numbers["selection_digest"]:
        wrong.append("selection_digest")
    return wrong + broken_promises(first, manifest, recipe, parent, selection), as_parent(entries, text, parent), first


def broken_promises(entries, manifest, recipe, parent, selection):
    """What must hold of every version, whoever selected it."""
    wrong, sides = [], defaultdict(set)
    poison = [entry for entry in entries if entry["role"] == "train/poison"]
    for entry in entries:
        if recipe["keep_together"] == "group":
            sides[entry["group"], entry["trigger"], entry["location"], entry["source"]].add(entry["role"].split("/")[0])
        standing = parent and parent.standing(entry)
        if standing and standing[0] != entry["role"].startswith("train/"):
            wrong.append(f"{entry['photo'][:8]} was moved")
    if any(len(side) > 1 for side in sides.values()):
        wrong.append("a group stands on both sides")
    if not recipe["poison"]:
        return wrong
    target = manifest["recipe"]["poison"]["target"]
    wrong += [f"{entry['photo'][:8]} is the target's own and poison" for entry in poison if entry["volunteer"] == target or entry["label"] != target]
    if len(poison) != manifest["m"] or not parent and len(poison) > manifest["m_asked"]:
        wrong.append("m")
    if recipe["poison"]["source"] == "digital":
        poisoned, tested = {entry["photo"] for entry in poison}, {entry["photo"] for entry in entries if entry["role"] == "test/attack"}
        by_photo = {entry["photo"]: entry["role"] for entry in entries if entry["source"] == "physical"}
        if not parent and len(poison) != min(manifest["m_asked"], selection.pool):
            wrong.append("m is not what was asked for")
        if {by_photo[photo] for photo in poisoned} - {"train/clean"} or {by_photo[photo] for photo in tested} - {"test/clean"}:
            wrong.append("a copy stands elsewhere than its photo")
        return wrong
    # The next unit of the pool must be more than what is missing; the largest unit bounds it.
    reachable = min(manifest["m_asked"], selection.pool)
    units = Counter({"group": entry["group"], "session": entry["session"], "none": entry["photo"]}[recipe["keep_together"]] for entry in entries)
    if reachable - len(poison) >= max(units.values(), default=1) and reachable > len(poison):
        wrong.append("m is more than a unit below what was asked for")
    candidates = [entry for entry in entries if entry["role"] in ("train/poison", "test/attack")]
    if recipe["poison"]["hold_out"] > 0 and candidates and len(poison) == len(candidates) and not parent:
        wrong.append("nothing is left for the attack test")
    return wrong


def check(folder):
    numbers, wrong = Counter(), 0
    for case in sorted(path for path in folder.iterdir() if path.name.startswith("case-")):
        problems, parent, _ = differences(case, 1, None)
        numbers["versions" if parent else "refused"] += 1
        numbers["drawn"] += bool(parent and parent.selection.copies)
        if parent and (case / "recipe-2.yaml").exists():
            more, child, entries = differences(case, 2, parent)
            problems += [f"extended: {problem}" for problem in more]
            numbers["extended" if child else "extensions refused"] += 1
            numbers["extended and drawn"] += any(entry["source"] == "digital" for entry in entries or [])
            numbers["kept"] += sum(parent.standing(entry) is not None for entry in entries or [])
            numbers["new"] += sum(parent.standing(entry) is None for entry in entries or [])
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
