#!/usr/bin/env python3
"""Selects the photos of a version again, and reports the differences.

    python3 second_implementation.py VERSION_DIR ...     one JSON line for each version; exit 1 if any has a difference
    python3 second_implementation.py --self-test

This implementation is written from docs/format.md, not from Curare's source. In a version's folder it reads the photos from
`entries.jsonl` (photo, volunteer, kind, trigger, location, session, group, perceptual_hash) and the recipe from `recipe.yaml`. It
finds the groups and assigns every role. Then it compares the result with the roles in the entries and with the numbers in
`manifest.json`. The version that a version extends must be in the same place relative to it as in a workspace.
"""
import hashlib
import json
import pathlib
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from math import ceil, floor

import yaml

DECIDED = ("role", "label", "attackable", "held_out")
FROM_PIXELS = ("drawn", "face", "image", "perceptual_hash", "size")
# Keys that an extension does not merge with those of the base version, and keys whose values must be those of the base version.
INDIVISIBLE_KEYS = ("expect", "photos")
FIXED_KEYS = ("seed", "train", "keep_together")
FIXED_POISON_KEYS = ("triggers", "locations", "source", "places")
# The places of the program's own pictures: first on the face, then off the face.
DEFAULT_PLACES = {
    "bandana": ["forehead", "neck"], "checkerboard": ["corner-bottom-right"], "dots": ["nose", "neck"], "earrings": ["ears"], "sunglasses": ["eyes", "crown"],
    "tattoo-filled": ["cheek-right", "neck"], "tattoo-outline": ["cheek-right", "neck"], "white-tape": ["nose", "neck"],
}
ON_FACE = {"eyes", "forehead", "nose", "mouth", "chin", "cheek-left", "cheek-right"}


class SelectionError(Exception):
    """The photos do not allow what the recipe requires. Curare must report an error too."""


def overlay_places(poison, triggers, locations):
    """Returns the place of each drawn trigger."""
    places, overlays = {}, poison.get("overlays") or {}
    if any(len(set(wanted)) < len(wanted) for wanted in triggers):
        raise SelectionError("a trigger cannot be drawn twice")
    for trigger in sorted({trigger for wanted in triggers for trigger in wanted}):
        overlay = overlays.get(trigger) or {}
        usual = [place for place in DEFAULT_PLACES.get(overlay.get("picture", trigger), []) if location_of(place) in locations]
        places[trigger] = overlay.get("place") or (usual[0] if usual else None)
        if places[trigger] is None or location_of(places[trigger]) not in locations:
            raise SelectionError(f"{trigger} cannot be drawn there")
    return places


def location_of(place):
    return "on-face" if place in ON_FACE else "off-face"


class TextLoader(yaml.SafeLoader):
    """Reads scalars as texts: `007` and `on` are names, `0.10` is a decimal."""


TextLoader.yaml_implicit_resolvers = {}


def merged(child, parent):
    """Returns `child` with the values of `parent` for keys that `child` does not have."""
    result = dict(parent)
    for key, value in child.items():
        inner = isinstance(value, dict) and isinstance(parent.get(key), dict) and key not in INDIVISIBLE_KEYS
        result[key] = merged(value, parent[key]) if inner else value
    return result


def combination(text):
    """Returns the sorted triggers of a combination."""
    return tuple(sorted(text.split("+")))


def parsed(recipe):
    """Returns a recipe with default values and exact numbers."""
    split, poison, classes, photos = recipe.get("split") or {}, recipe.get("poison"), recipe.get("classes") or {}, recipe.get("photos") or {}
    requested = {
        "seed": int(recipe.get("seed", "0")),
        "train": Fraction(split.get("train", "0.8")),
        "keep_together": split.get("keep_together", "group"),
        "classes": {"volunteer": classes.get("volunteers", "all"), "reference": classes.get("references", "none")},
        "max_per_class": int(classes["max_per_class"]) if "max_per_class" in classes else None,
        "photos": photos,
        "poison": None,
    }
    if poison:
        if missing := {"target", "triggers", "injection_rate"} - set(poison):
            raise SelectionError(f"poison without {sorted(missing)}")
        requested["poison"] = {
            "target": poison["target"],
            "triggers": {combination(text) for text in poison["triggers"]},
            "locations": set(poison.get("locations", ["on-face", "off-face"])),
            "rate": Fraction(poison["injection_rate"]),
            "attackable": poison.get("attackable", "all"),
            "hold_out": Fraction(poison.get("hold_out", "0.2")),
            "cap": poison.get("on_shortage", "fail") == "cap",
            "source": poison.get("source", "physical"),
            "places": None,
        }
        if requested["poison"]["source"] == "digital":
            requested["poison"]["places"] = overlay_places(poison, requested["poison"]["triggers"], requested["poison"]["locations"])
    return requested


def read_recipe(text, parent=None):
    """Reads a recipe. `parent` is the version that the recipe extends."""
    recipe = yaml.load(text, TextLoader)
    if not parent:
        return parsed(recipe)
    given = {key: value for key, value in parent.recipe.items() if key not in ("recipe", "name", "extends")}
    requested, before = parsed(merged(recipe, given)), parsed(given)
    inherit(requested, before, parent.selection)
    return requested


def inherit(requested, before, selection):
    """Sets target and attackable classes to those of the base version. Other values of fixed keys are an error."""
    wrong = [key for key in FIXED_KEYS if requested[key] != before[key]]
    now, then = requested["poison"], before["poison"]
    if bool(now) != bool(then):
        wrong.append("poison")
    elif now:
        wrong += [key for key in FIXED_POISON_KEYS if now[key] != then[key]]
        if now["target"] not in ("any", selection.target):
            wrong.append("target")
        chosen, wanted = selection.attackable, now["attackable"]
        satisfied = wanted == "all" or (int(wanted["count"]) == len(chosen) if isinstance(wanted, dict) else set(wanted) == chosen)
        if not satisfied and wanted is not then["attackable"]:
            wrong.append("attackable")
        now["target"], now["attackable"] = selection.target, sorted(chosen)
    if wrong:
        raise SelectionError(f"another value than in the extended version: {wrong}")


class BaseVersion:
    """The version that a recipe extends: its merged recipe, its selection and its entries by photo."""

    def __init__(self, entries, recipe, selection):
        self.recipe, self.selection = recipe, selection
        self.entries = {entry["photo"]: entry for entry in entries if entry["source"] == "physical"}
        self.poison = {copy for copy, part in selection.copies.items() if part[0] == "train/poison"}

    def prior_assignment(self, photo):
        """Returns (trains, held out) for a photo with the same label as in this version. None for a new photo."""
        before = self.entries.get(photo["photo"])
        if not before or any(before[key] != photo[key] for key in ("volunteer", "kind", "trigger", "location")):
            return None
        role, _, _, held_out = self.selection.parts[photo["photo"]]
        return role.startswith("train/"), held_out is True


def round_half_up(number):
    return floor(number + Fraction(1, 2))


def pairs(photo):
    if photo["trigger"] == "none":
        return []
    return list(zip(photo["trigger"].split("+"), photo["location"].split("+"), strict=True))


class Selection:
    """The roles of one version. `parts` maps a photo to (role, label, attackable, held_out). `copies` does so for (photo, overlay)."""

    def __init__(self, photos, recipe, parent=None):
        self.parent = parent
        self.seed, self.keep_together = recipe["seed"], recipe["keep_together"]
        self.photos = {photo["photo"]: photo for photo in photos}
        self.kind = {photo["volunteer"]: photo["kind"] for photo in photos}
        self.classes = sorted(self.kind)
        self.bare = defaultdict(list)
        for photo in photos:
            if not pairs(photo):
                self.bare[photo["volunteer"]].append(photo["photo"])
        self.parts, self.copies, self.held_out, self.m_asked, self.m = {}, {}, set(), 0, 0
        self.poison = recipe["poison"]
        self.target = self.find_target() if self.poison else None
        self.attackable = self.find_attackable() if self.poison else set()
        for name in self.classes:
            self.split_clean(name, recipe["train"])
        self.n = sum(role == "train/clean" for role, *_ in self.parts.values())
        if self.poison:
            self.draw_copies() if self.poison["source"] == "digital" else self.choose_poison()
        self.assign_other_photos()
        self.cross_pairs = self.count_cross_pairs()

    def rank(self, purpose, key):
        return hashlib.sha256(f"curare-1\n{self.seed}\n{purpose}\n{key}".encode()).hexdigest()

    def units(self, ids, purpose):
        """Returns the photos `ids` in units, sorted by the rank of each unit's smallest id."""
        together = defaultdict(list)
        for photo in sorted(ids):
            entry = self.photos[photo]
            together[{"group": entry["group"], "session": entry["session"], "none": photo}[self.keep_together]].append(photo)
        return sorted(together.values(), key=lambda unit: self.rank(purpose, unit[0]))

    def sides(self, units):
        """Divides units by the assignments of the base version: training, test and held-out photos, the number of these units, and units of new photos only."""
        train, test, held_out, kept_units, new = [], [], [], 0, []
        for unit in units:
            prior = [self.parent and self.parent.prior_assignment(self.photos[photo]) for photo in unit]
            kept = [prior_assignment for prior_assignment in prior if prior_assignment]
            if not kept:
                new.append(unit)
                continue
            kept_units += 1
            follows = all(trains for trains, _ in kept), all(held for _, held in kept)
            for photo, prior_assignment in zip(unit, prior, strict=True):
                trains, held = prior_assignment or follows
                (train if trains else test).append(photo)
                if held:
                    held_out.append(photo)
        return train, test, held_out, kept_units, new

    # Step 2

    def find_target(self):
        if not self.classes:
            raise SelectionError("there is no photo")
        if self.poison["target"] != "any":
            if self.kind.get(self.poison["target"]) != "volunteer":
                raise SelectionError(f"the target {self.poison['target']} is not a volunteer of the version")
            return self.poison["target"]
        possible = [name for name in self.classes if self.kind[name] == "volunteer" and len(self.units(self.bare[name], "split")) >= 2]
        if not possible:
            raise SelectionError("no volunteer can be the target")
        return min(possible, key=lambda name: self.rank("target", name))

    def find_attackable(self):
        others = [name for name in self.classes if self.kind[name] == "volunteer" and name != self.target]
        requested = self.poison["attackable"]
        if requested == "all":
            return set(others)
        if isinstance(requested, dict):
            count = int(requested["count"])
            if count > len(others):
                raise SelectionError(f"{count} attackable volunteers are required, but there are only {len(others)}")
            return set(sorted(others, key=lambda name: self.rank("attackable", name))[:count])
        if self.parent:
            return set(requested) & set(others)
        if wrong := set(requested) - set(others):
            raise SelectionError(f"cannot be attackable: {sorted(wrong)}")
        return set(requested)

    # Step 3

    def split_clean(self, name, share):
        train, test, _, kept_units, units = self.sides(self.units(self.bare[name], "split"))
        total = len(self.bare[name])
        test_size = total - round_half_up(share * total)
        kept_train, kept_test = bool(train), bool(test)
        tested, trained = [], []
        for unit in units:
            (tested if len(test) + sum(map(len, tested)) + len(unit) <= test_size else trained).append(unit)
        if not kept_test and not tested and trained and len(units) + kept_units >= 2:
            smallest = min(trained, key=lambda unit: (len(unit), self.rank("split", unit[0])))
            trained.remove(smallest)
            tested.append(smallest)
        if not kept_train and not trained and tested:
            trained.append(tested.pop())
        train, test = train + sum(trained, []), test + sum(tested, [])
        if name == self.target and not (test and train):
            raise SelectionError(f"the target {name} needs both training and test photos")
        for role, side in (("train/clean", train), ("test/clean", test)):
            for photo in side:
                self.parts[photo] = (role, name, None, None)

    # Step 4

    def matches(self, photo):
        visible = pairs(self.photos[photo])
        return tuple(sorted(trigger for trigger, _ in visible)) in self.poison["triggers"] and all(place in self.poison["locations"] for _, place in visible)

    def choose_poison(self):
        candidates = [photo for photo, entry in self.photos.items() if entry["volunteer"] in self.attackable and self.matches(photo)]
        kept, _, held_out, _, new = self.sides(self.units(candidates, "attack"))
        fresh, pool, self.held_out = set(sum(new, [])), [], set(held_out)
        for name in sorted(self.attackable):
            own = [photo for photo in candidates if self.photos[photo]["volunteer"] == name]
            required, held = ceil(self.poison["hold_out"] * len(own)), len(self.held_out & set(own))
            for unit in self.units(fresh & set(own), "attack"):
                if held < required:
                    held += len(unit)
                    self.held_out.update(unit)
                else:
                    pool += unit
        for photo in kept:
            self.parts[photo] = ("train/poison", self.target, None, None)
        self.m = len(kept)
        rate = self.poison["rate"]
        self.m_asked = round_half_up(self.n * rate / (1 - rate))
        self.pool = len(kept) + len(pool)
        if self.m_asked > self.pool and not self.poison["cap"]:
            raise SelectionError(f"{self.m_asked} poison photos are required, but there are only {self.pool}")
        for unit in self.units(pool, "poison"):
            if self.m + len(unit) > min(self.m_asked, self.pool):
                break
            self.m += len(unit)
            for photo in unit:
                self.parts[photo] = ("train/poison", self.target, None, None)
        if rate > 0 and self.m == 0:
            raise SelectionError("the rate is above 0, but there is no poison")

    # Steps 4 and 5 for drawn triggers

    def draw_copies(self):
        """Draws poison on copies of training photos, and attack tests on copies of test photos."""
        def copies(wanted):
            return [(photo, "+".join(combination)) for photo, (role, name, _, _) in sorted(self.parts.items()) if wanted(role, name) for combination in sorted(self.poison["triggers"])]

        pool = copies(lambda role, name: role == "train/clean" and name in self.attackable)
        kept = [copy for copy in pool if self.parent and copy in self.parent.poison and self.parent.prior_assignment(self.photos[copy[0]])]
        rate = self.poison["rate"]
        self.pool, self.m_asked = len(pool), round_half_up(self.n * rate / (1 - rate))
        if self.m_asked > self.pool and not self.poison["cap"]:
            raise SelectionError(f"{self.m_asked} copies are required, but only {self.pool} can be drawn")
        new = sorted(set(pool) - set(kept), key=lambda copy: self.rank("poison", " ".join(copy)))
        poison = kept + new[:max(0, min(self.m_asked, self.pool) - len(kept))]
        if rate > 0 and not poison:
            raise SelectionError("the rate is above 0, but there is no poison")
        self.m = len(poison)
        for copy in poison:
            self.copies[copy] = ("train/poison", self.target, None, None)
        for photo, overlay in copies(lambda role, name: role == "test/clean" and name != self.target):
            name = self.photos[photo]["volunteer"]
            self.copies[photo, overlay] = ("test/attack", name, name in self.attackable, name in self.attackable)

    def copy_of(self, photo, overlay):
        """Returns the entry of a copy, with the drawn triggers as its triggers."""
        visible = sorted((trigger, location_of(self.poison["places"][trigger])) for trigger in overlay.split("+"))
        shown = {"overlay": overlay, "source": "digital", "trigger": "+".join(trigger for trigger, _ in visible), "location": "+".join(place for _, place in visible)}
        return self.photos[photo] | shown | dict(zip(DECIDED, self.copies[photo, overlay], strict=True))

    # Step 5

    def assign_other_photos(self):
        for photo, entry in self.photos.items():
            if photo in self.parts:
                continue
            name = entry["volunteer"]
            attackable = held_out = None
            if not self.poison or not {trigger for trigger, _ in pairs(entry)} & set().union(*self.poison["triggers"]):
                role = "test/other"
            elif self.poison["source"] == "digital" or not self.matches(photo):
                role = "test/transfer"
            elif name == self.target:
                role = "test/target-own"
            else:
                role, attackable, held_out = "test/attack", name in self.attackable, photo in self.held_out
            self.parts[photo] = (role, name, attackable, held_out)

    def count_cross_pairs(self):
        """Counts pairs of a bare and a triggered photo of one group on different sides of the split."""
        groups = defaultdict(Counter)
        for photo, (role, *_) in self.parts.items():
            groups[self.photos[photo]["group"]][bool(pairs(self.photos[photo])), role.split("/")[0]] += 1
        return sum(group[False, "train"] * group[True, "test"] + group[False, "test"] * group[True, "train"] for group in groups.values())


def groups_within(entries, distance):
    """Returns the group of every photo: connected components of hashes within `distance` bits, among the photos of one volunteer."""
    groups, left = {}, defaultdict(dict)
    for entry in entries:
        if entry["source"] == "physical":
            left[entry["volunteer"]][entry["photo"]] = int(entry["perceptual_hash"], 16)
    for photos in left.values():
        while photos:
            members = [photos.popitem()]
            for _, from_here in members:
                near = [photo for photo, bits in photos.items() if (bits ^ from_here).bit_count() <= distance]
                members += [(photo, photos.pop(photo)) for photo in near]
            smallest = min(photo for photo, _ in members)
            groups |= {photo: smallest for photo, _ in members}
    return groups


def canonical(entry):
    """Returns canonical JSON (RFC 8785) of an entry, whose texts are ASCII and whose numbers are integers."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digests(entries):
    """Returns the three digests of `entries`, which can have any order."""
    ordered = sorted(entries, key=lambda entry: (entry["role"], entry["photo"], entry.get("overlay") or ""))
    sums = {"entries_digest": hashlib.sha256(), "images_digest": hashlib.sha256(), "selection_digest": hashlib.sha256()}
    for entry in ordered:
        without_pixels = {key: value for key, value in entry.items() if key not in FROM_PIXELS}
        sums["entries_digest"].update((canonical(entry) + "\n").encode())
        sums["images_digest"].update(f"{entry['photo']} {entry['image']}\n".encode())
        sums["selection_digest"].update((canonical(without_pixels) + "\n").encode())
    return {name: digest.hexdigest() for name, digest in sums.items()}


def sample_id(entry):
    """Returns the photo and, for a copy, the overlay."""
    return entry["photo"], entry.get("overlay")


def reselected(entries, recipe, parent=None):
    """Returns the entries with new assignments, the numbers of the manifest, and the selection."""
    undecided = [{key: value for key, value in entry.items() if key not in DECIDED} for entry in entries if entry["source"] == "physical"]
    selection = Selection(undecided, recipe, parent)
    decided = [entry | dict(zip(DECIDED, selection.parts[entry["photo"]], strict=True)) for entry in undecided]
    pixels = {sample_id(entry): {key: entry[key] for key in FROM_PIXELS if key in entry} for entry in entries}
    decided += [selection.copy_of(*copy) | pixels.get(copy, {}) for copy in sorted(selection.copies)]
    numbers = {"n": selection.n, "m_asked": selection.m_asked, "m": selection.m, "cross_pairs": selection.cross_pairs}
    return decided, numbers | digests(decided), selection


def read_entries(folder):
    return [json.loads(line) for line in (folder / "entries.jsonl").read_bytes().splitlines()]


def base_version_in(folder, text):
    """Returns the version that a recipe extends, selected again. None when the recipe extends none."""
    extended = yaml.load(text, TextLoader).get("extends")
    if not extended:
        return None
    place = folder.parent.parent.joinpath(*extended.split("@"))
    recipe_text = (place / "recipe.yaml").read_text("utf-8")
    return base_version_of(read_entries(place), recipe_text, base_version_in(place, recipe_text))


def base_version_of(entries, text, grandparent=None):
    """Returns a version as the base of an extension."""
    recipe = read_recipe(text, grandparent)
    raw = yaml.load(text, TextLoader)
    return BaseVersion(entries, merged(raw, grandparent.recipe) if grandparent else raw, reselected(entries, recipe, grandparent)[2])


def compare(folder):
    """Compares a version with its second selection. Returns the JSON line for the version."""
    lines = (folder / "entries.jsonl").read_bytes()
    entries = read_entries(folder)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    text = (folder / "recipe.yaml").read_text("utf-8")
    try:
        parent = base_version_in(folder, text)
        decided, numbers, _ = reselected(entries, read_recipe(text, parent), parent)
    except SelectionError as error:
        return {"version": str(folder), "agrees": False, "problems": [{"error": str(error)}]}
    problems = []
    own = {sample_id(entry): entry for entry in decided}
    problems += [{"photo": photo, "what": f"a copy with {overlay} is missing"} for photo, overlay in set(own) - set(map(sample_id, entries))]
    for first in entries:
        second = own.get(sample_id(first), {})
        for key in (*DECIDED, "trigger", "location"):
            if key not in second:
                problems.append({"photo": first["photo"], "what": "a copy that should not exist", "curare": first["role"]})
                break
            if first[key] != second[key]:
                problems.append({"photo": first["photo"], "what": key, "curare": first[key], "second": second[key]})
    for key, value in numbers.items():
        if manifest[key] != value:
            problems.append({"what": key, "curare": manifest[key], "second": value})
    if manifest["grouping"]["method"] != "dct-sign-1":
        problems.append({"what": "grouping", "curare": manifest["grouping"]["method"], "second": "dct-sign-1"})
    # An extension excludes photos that link groups: its groups can be larger than its own entries show.
    if manifest["parent"] is None:
        groups = groups_within(entries, manifest["grouping"]["distance"])
        problems += [
            {"photo": entry["photo"], "what": "group", "curare": entry["group"], "second": groups[entry["photo"]]}
            for entry in entries
            if groups[entry["photo"]] != entry["group"]
        ]
    classes = sorted({(entry["volunteer"], entry["kind"]) for entry in entries})
    if [(item["name"], item["kind"]) for item in manifest["classes"]] != classes:
        problems.append({"what": "classes", "curare": manifest["classes"], "second": classes})
    if hashlib.sha256(lines).hexdigest() != manifest["entries_digest"]:
        problems.append({"what": "entries.jsonl does not have the digest in the manifest"})
    return {"version": str(folder), "agrees": not problems, "photos": len(entries), **numbers, "problems": problems}


def main(arguments):
    if arguments == ["--self-test"]:
        import self_test
        return self_test.run()
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 64
    agreed = True
    for argument in arguments:
        result = compare(pathlib.Path(argument))
        agreed &= result["agrees"]
        print(json.dumps(result))
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
