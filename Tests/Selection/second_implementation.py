#!/usr/bin/env python3
"""Selects a version's photos a second time, and says where the first time was different.

    python3 second_implementation.py VERSION_DIR ...     one JSON line a version; exit 1 if any disagrees
    python3 second_implementation.py --self-test

Written from the document of the selection rules, not from Curare's source: that is its use. Only what the document leaves open follows Curare: the
defaults of keys that a recipe leaves out, and that cross_pairs counts pairs of one bare photo and one that wears something. From a version's folder it reads
`entries.jsonl` for what was there to select from (photo, volunteer, kind, trigger, location, session, group, perceptual_hash) and `recipe.yaml` for what
was asked, gathers the groups and decides every role anew, and only then looks at the roles that stand in the entries and at the numbers in `manifest.json`.
A version that extends another is decided after the other one, which must lie beside it as in a workspace.
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
LIKENESS = "dct-sign-1"
# What a recipe that extends a version takes whole where it says anything, and what it must not say otherwise.
TAKEN_WHOLE = ("expect", "photos")
HELD = ("seed", "train", "keep_together")
HELD_POISON = ("triggers", "locations", "source", "worn")
# Where the program draws its own overlays, first on the face, and which places are on it.
OWN_PLACES = {
    "bandana": ["forehead", "neck"], "checkerboard": ["corner-bottom-right"], "dots": ["nose", "neck"], "earrings": ["ears"], "sunglasses": ["eyes", "crown"],
    "tattoo-filled": ["cheek-right", "neck"], "tattoo-outline": ["cheek-right", "neck"], "white-tape": ["nose", "neck"],
}
ON_FACE = {"eyes", "forehead", "nose", "mouth", "chin", "cheek-left", "cheek-right"}


class Refused(Exception):
    """The recipe cannot be fulfilled with these photos; Curare must have said so too."""


def drawn_places(poison, triggers, locations):
    """Where each trigger of a digital recipe is drawn."""
    places, overlays = {}, poison.get("overlays") or {}
    if any(len(set(wanted)) < len(wanted) for wanted in triggers):
        raise Refused("a trigger is to be drawn twice")
    for trigger in sorted({trigger for wanted in triggers for trigger in wanted}):
        overlay = overlays.get(trigger) or {}
        usual = [place for place in OWN_PLACES.get(overlay.get("picture", trigger), []) if location_of(place) in locations]
        places[trigger] = overlay.get("place") or (usual[0] if usual else None)
        if places[trigger] is None or location_of(places[trigger]) not in locations:
            raise Refused(f"{trigger} cannot be drawn there")
    return places


def location_of(place):
    return "on-face" if place in ON_FACE else "off-face"


class TextLoader(yaml.SafeLoader):
    """YAML whose scalars stay the text that stands there: `007` and `on` are names, `0.10` is a decimal."""


TextLoader.yaml_implicit_resolvers = {}


def merged(child, parent):
    """What stands in `child`, and where it says nothing what stands in `parent`."""
    result = dict(parent)
    for key, value in child.items():
        inner = isinstance(value, dict) and isinstance(parent.get(key), dict) and key not in TAKEN_WHOLE
        result[key] = merged(value, parent[key]) if inner else value
    return result


def combination(text):
    """A named trigger as the sorted list of what is worn at once."""
    return tuple(sorted(text.split("+")))


def understood(recipe):
    """A recipe's mapping with its defaults, numbers exact."""
    split, poison, classes, photos = recipe.get("split") or {}, recipe.get("poison"), recipe.get("classes") or {}, recipe.get("photos") or {}
    asked = {
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
            raise Refused(f"poison without {sorted(missing)}")
        asked["poison"] = {
            "target": poison["target"],
            "triggers": {combination(text) for text in poison["triggers"]},
            "locations": set(poison.get("locations", ["on-face", "off-face"])),
            "rate": Fraction(poison["injection_rate"]),
            "attackable": poison.get("attackable", "all"),
            "hold_out": Fraction(poison.get("hold_out", "0.2")),
            "cap": poison.get("on_shortage", "fail") == "cap",
            "source": poison.get("source", "physical"),
            "worn": None,
        }
        if asked["poison"]["source"] == "digital":
            asked["poison"]["worn"] = drawn_places(poison, asked["poison"]["triggers"], asked["poison"]["locations"])
    return asked


def read_recipe(text, parent=None):
    """A recipe's text understood; with `parent`, as that version's successor."""
    recipe = yaml.load(text, TextLoader)
    if not parent:
        return understood(recipe)
    given = {key: value for key, value in parent.recipe.items() if key not in ("recipe", "name", "extends")}
    asked, before = understood(merged(recipe, given)), understood(given)
    inherit(asked, before, parent.selection)
    return asked


def inherit(asked, before, selection):
    """Target and attackable classes as `selection` resolved them; another value than before is refused."""
    wrong = [key for key in HELD if asked[key] != before[key]]
    now, then = asked["poison"], before["poison"]
    if bool(now) != bool(then):
        wrong.append("poison")
    elif now:
        wrong += [key for key in HELD_POISON if now[key] != then[key]]
        if now["target"] not in ("any", selection.target):
            wrong.append("target")
        chosen, wanted = selection.attackable, now["attackable"]
        met = wanted == "all" or (int(wanted["count"]) == len(chosen) if isinstance(wanted, dict) else set(wanted) == chosen)
        if not met and wanted is not then["attackable"]:
            wrong.append("attackable")
        now["target"], now["attackable"] = selection.target, sorted(chosen)
    if wrong:
        raise Refused(f"another value than in the extended version: {wrong}")


class Parent:
    """A version that is extended: its recipe's mapping as merged, its selection, and where each of its photos stands."""

    def __init__(self, entries, recipe, selection):
        self.recipe, self.selection = recipe, selection
        self.entries = {entry["photo"]: entry for entry in entries if entry["source"] == "physical"}
        self.poison = {copy for copy, part in selection.copies.items() if part[0] == "train/poison"}

    def standing(self, photo):
        """(trains, held out) of a photo that is labelled as it was; None for a new one."""
        before = self.entries.get(photo["photo"])
        if not before or any(before[key] != photo[key] for key in ("volunteer", "kind", "trigger", "location")):
            return None
        role, _, _, held_out = self.selection.parts[photo["photo"]]
        return role.startswith("train/"), held_out is True


def half_up(number):
    return floor(number + Fraction(1, 2))


def pairs(photo):
    if photo["trigger"] == "none":
        return []
    return list(zip(photo["trigger"].split("+"), photo["location"].split("+"), strict=True))


class Selection:
    """All roles of one version. `parts` maps a photo to (role, label, attackable, held_out), `copies` a photo and an overlay likewise."""

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
        self.place_the_rest()
        self.cross_pairs = self.count_cross_pairs()

    def rank(self, purpose, key):
        return hashlib.sha256(f"curare-1\n{self.seed}\n{purpose}\n{key}".encode()).hexdigest()

    def units(self, ids, purpose):
        """The photos `ids` in the units that may not be torn apart, by the rank of each one's smallest id."""
        together = defaultdict(list)
        for photo in sorted(ids):
            entry = self.photos[photo]
            together[{"group": entry["group"], "session": entry["session"], "none": photo}[self.keep_together]].append(photo)
        return sorted(together.values(), key=lambda unit: self.rank(purpose, unit[0]))

    def sides(self, units):
        """Units told apart by where the extended version's photos stand: those that train, test, are held out; how many units; units of new photos alone."""
        train, test, held_out, kept_units, new = [], [], [], 0, []
        for unit in units:
            standings = [self.parent and self.parent.standing(self.photos[photo]) for photo in unit]
            kept = [standing for standing in standings if standing]
            if not kept:
                new.append(unit)
                continue
            kept_units += 1
            follows = all(trains for trains, _ in kept), all(held for _, held in kept)
            for photo, standing in zip(unit, standings, strict=True):
                trains, held = standing or follows
                (train if trains else test).append(photo)
                if held:
                    held_out.append(photo)
        return train, test, held_out, kept_units, new

    # Step 2

    def find_target(self):
        if not self.classes:
            raise Refused("there is no photo")
        if self.poison["target"] != "any":
            if self.kind.get(self.poison["target"]) != "volunteer":
                raise Refused(f"the target {self.poison['target']} is no volunteer of the version")
            return self.poison["target"]
        able = [name for name in self.classes if self.kind[name] == "volunteer" and len(self.units(self.bare[name], "split")) >= 2]
        if not able:
            raise Refused("no volunteer can be the target")
        return min(able, key=lambda name: self.rank("target", name))

    def find_attackable(self):
        others = [name for name in self.classes if self.kind[name] == "volunteer" and name != self.target]
        asked = self.poison["attackable"]
        if asked == "all":
            return set(others)
        if isinstance(asked, dict):
            count = int(asked["count"])
            if count > len(others):
                raise Refused(f"{count} attackable volunteers are asked for, {len(others)} are there")
            return set(sorted(others, key=lambda name: self.rank("attackable", name))[:count])
        if self.parent:
            return set(asked) & set(others)
        if wrong := set(asked) - set(others):
            raise Refused(f"cannot be attackable: {sorted(wrong)}")
        return set(asked)

    # Step 3

    def split_clean(self, name, share):
        train, test, _, kept_units, units = self.sides(self.units(self.bare[name], "split"))
        total = len(self.bare[name])
        room = total - half_up(share * total)
        kept_train, kept_test = bool(train), bool(test)
        tested, trained = [], []
        for unit in units:
            (tested if len(test) + sum(map(len, tested)) + len(unit) <= room else trained).append(unit)
        if not kept_test and not tested and trained and len(units) + kept_units >= 2:
            smallest = min(trained, key=lambda unit: (len(unit), self.rank("split", unit[0])))
            trained.remove(smallest)
            tested.append(smallest)
        if not kept_train and not trained and tested:
            trained.append(tested.pop())
        train, test = train + sum(trained, []), test + sum(tested, [])
        if name == self.target and not (test and train):
            raise Refused(f"the target {name} needs both training and test photos")
        for role, side in (("train/clean", train), ("test/clean", test)):
            for photo in side:
                self.parts[photo] = (role, name, None, None)

    # Step 4

    def wears_the_trigger(self, photo):
        worn = pairs(self.photos[photo])
        return tuple(sorted(trigger for trigger, _ in worn)) in self.poison["triggers"] and all(place in self.poison["locations"] for _, place in worn)

    def choose_poison(self):
        candidates = [photo for photo, entry in self.photos.items() if entry["volunteer"] in self.attackable and self.wears_the_trigger(photo)]
        kept, _, held_out, _, new = self.sides(self.units(candidates, "attack"))
        fresh, pool, self.held_out = set(sum(new, [])), [], set(held_out)
        for name in sorted(self.attackable):
            own = [photo for photo in candidates if self.photos[photo]["volunteer"] == name]
            enough, held = ceil(self.poison["hold_out"] * len(own)), len(self.held_out & set(own))
            for unit in self.units(fresh & set(own), "attack"):
                if held < enough:
                    held += len(unit)
                    self.held_out.update(unit)
                else:
                    pool += unit
        for photo in kept:
            self.parts[photo] = ("train/poison", self.target, None, None)
        self.m = len(kept)
        rate = self.poison["rate"]
        self.m_asked = half_up(self.n * rate / (1 - rate))
        self.pool = len(kept) + len(pool)
        if self.m_asked > self.pool and not self.poison["cap"]:
            raise Refused(f"{self.m_asked} poison photos are asked for, {self.pool} are there")
        for unit in self.units(pool, "poison"):
            if self.m + len(unit) > min(self.m_asked, self.pool):
                break
            self.m += len(unit)
            for photo in unit:
                self.parts[photo] = ("train/poison", self.target, None, None)
        if rate > 0 and self.m == 0:
            raise Refused("a rate above nought, and no poison")

    # Steps 4 and 5 where the trigger is drawn

    def draw_copies(self):
        """Poison on copies of what trains, attacks on copies of what tests."""
        def copies(wanted):
            return [(photo, "+".join(combination)) for photo, (role, name, _, _) in sorted(self.parts.items()) if wanted(role, name) for combination in sorted(self.poison["triggers"])]

        pool = copies(lambda role, name: role == "train/clean" and name in self.attackable)
        kept = [copy for copy in pool if self.parent and copy in self.parent.poison and self.parent.standing(self.photos[copy[0]])]
        rate = self.poison["rate"]
        self.pool, self.m_asked = len(pool), half_up(self.n * rate / (1 - rate))
        if self.m_asked > self.pool and not self.poison["cap"]:
            raise Refused(f"{self.m_asked} copies are asked for, {self.pool} can be drawn")
        new = sorted(set(pool) - set(kept), key=lambda copy: self.rank("poison", " ".join(copy)))
        poison = kept + new[:max(0, min(self.m_asked, self.pool) - len(kept))]
        if rate > 0 and not poison:
            raise Refused("a rate above nought, and no poison")
        self.m = len(poison)
        for copy in poison:
            self.copies[copy] = ("train/poison", self.target, None, None)
        for photo, overlay in copies(lambda role, name: role == "test/clean" and name != self.target):
            name = self.photos[photo]["volunteer"]
            self.copies[photo, overlay] = ("test/attack", name, name in self.attackable, name in self.attackable)

    def copy_of(self, photo, overlay):
        """What an entry of a copy shows: what is drawn, as if it were worn."""
        worn = sorted((trigger, location_of(self.poison["worn"][trigger])) for trigger in overlay.split("+"))
        shown = {"overlay": overlay, "source": "digital", "trigger": "+".join(trigger for trigger, _ in worn), "location": "+".join(place for _, place in worn)}
        return self.photos[photo] | shown | dict(zip(DECIDED, self.copies[photo, overlay], strict=True))

    # Step 5

    def place_the_rest(self):
        for photo, entry in self.photos.items():
            if photo in self.parts:
                continue
            name = entry["volunteer"]
            attackable = held_out = None
            if not self.poison or not {trigger for trigger, _ in pairs(entry)} & set().union(*self.poison["triggers"]):
                role = "test/other"
            elif self.poison["source"] == "digital" or not self.wears_the_trigger(photo):
                role = "test/transfer"
            elif name == self.target:
                role = "test/target-own"
            else:
                role, attackable, held_out = "test/attack", name in self.attackable, photo in self.held_out
            self.parts[photo] = (role, name, attackable, held_out)

    def count_cross_pairs(self):
        """Pairs of a bare photo and one that wears something, of one group, on different sides of train and test."""
        groups = defaultdict(Counter)
        for photo, (role, *_) in self.parts.items():
            groups[self.photos[photo]["group"]][bool(pairs(self.photos[photo])), role.split("/")[0]] += 1
        return sum(group[False, "train"] * group[True, "test"] + group[False, "test"] * group[True, "train"] for group in groups.values())


def gathered(entries, distance):
    """The group of every photo: steps of at most `distance` bits from perceptual_hash to perceptual_hash, among the photos of one volunteer."""
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
    """RFC 8785 for what an entry is made of: names, digests, whole numbers, truth and nothing, all ASCII."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digests(entries):
    """The three digests over `entries`, which need not be in order."""
    ordered = sorted(entries, key=lambda entry: (entry["role"], entry["photo"], entry.get("overlay") or ""))
    sums = {"entries_digest": hashlib.sha256(), "images_digest": hashlib.sha256(), "selection_digest": hashlib.sha256()}
    for entry in ordered:
        without_pixels = {key: value for key, value in entry.items() if key not in FROM_PIXELS}
        sums["entries_digest"].update((canonical(entry) + "\n").encode())
        sums["images_digest"].update(f"{entry['photo']} {entry['image']}\n".encode())
        sums["selection_digest"].update((canonical(without_pixels) + "\n").encode())
    return {name: digest.hexdigest() for name, digest in sums.items()}


def key_of(entry):
    """What tells an entry apart: its photo and, on a copy, the overlay."""
    return entry["photo"], entry.get("overlay")


def reselected(entries, recipe, parent=None):
    """The entries with every decision made anew, the numbers that a manifest gives, and the selection."""
    undecided = [{key: value for key, value in entry.items() if key not in DECIDED} for entry in entries if entry["source"] == "physical"]
    selection = Selection(undecided, recipe, parent)
    decided = [entry | dict(zip(DECIDED, selection.parts[entry["photo"]], strict=True)) for entry in undecided]
    pixels = {key_of(entry): {key: entry[key] for key in FROM_PIXELS if key in entry} for entry in entries}
    decided += [selection.copy_of(*copy) | pixels.get(copy, {}) for copy in sorted(selection.copies)]
    numbers = {"n": selection.n, "m_asked": selection.m_asked, "m": selection.m, "cross_pairs": selection.cross_pairs}
    return decided, numbers | digests(decided), selection


def read_entries(folder):
    return [json.loads(line) for line in (folder / "entries.jsonl").read_bytes().splitlines()]


def parent_of(folder, text):
    """The version that a recipe extends, selected anew; None where it extends none."""
    extended = yaml.load(text, TextLoader).get("extends")
    if not extended:
        return None
    place = folder.parent.parent.joinpath(*extended.split("@"))
    recipe_text = (place / "recipe.yaml").read_text("utf-8")
    return as_parent(read_entries(place), recipe_text, parent_of(place, recipe_text))


def as_parent(entries, text, grandparent=None):
    """A version as its successor sees it."""
    recipe = read_recipe(text, grandparent)
    raw = yaml.load(text, TextLoader)
    return Parent(entries, merged(raw, grandparent.recipe) if grandparent else raw, reselected(entries, recipe, grandparent)[2])


def compare(folder):
    """One version held against its second selection: what the answer line says of it."""
    lines = (folder / "entries.jsonl").read_bytes()
    entries = read_entries(folder)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    text = (folder / "recipe.yaml").read_text("utf-8")
    try:
        parent = parent_of(folder, text)
        decided, numbers, _ = reselected(entries, read_recipe(text, parent), parent)
    except Refused as refusal:
        return {"version": str(folder), "agrees": False, "problems": [{"refused": str(refusal)}]}
    problems = []
    own = {key_of(entry): entry for entry in decided}
    problems += [{"photo": photo, "what": f"a copy with {overlay} that is not there"} for photo, overlay in set(own) - set(map(key_of, entries))]
    for first in entries:
        second = own.get(key_of(first), {})
        for key in (*DECIDED, "trigger", "location"):
            if key not in second:
                problems.append({"photo": first["photo"], "what": "a copy that should not be there", "curare": first["role"]})
                break
            if first[key] != second[key]:
                problems.append({"photo": first["photo"], "what": key, "curare": first[key], "second": second[key]})
    for key, value in numbers.items():
        if manifest[key] != value:
            problems.append({"what": key, "curare": manifest[key], "second": value})
    # A version that extends another leaves out photos that lead from group to group: its groups may be wider than its own entries show.
    if manifest["grouping"]["method"] == LIKENESS and manifest["parent"] is None:
        groups = gathered(entries, manifest["grouping"]["distance"])
        problems += [
            {"photo": entry["photo"], "what": "group", "curare": entry["group"], "second": groups[entry["photo"]]}
            for entry in entries
            if groups[entry["photo"]] != entry["group"]
        ]
    classes = sorted({(entry["volunteer"], entry["kind"]) for entry in entries})
    if [(item["name"], item["kind"]) for item in manifest["classes"]] != classes:
        problems.append({"what": "classes", "curare": manifest["classes"], "second": classes})
    if hashlib.sha256(lines).hexdigest() != manifest["entries_digest"]:
        problems.append({"what": "entries.jsonl is not the file that the manifest signs"})
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
        answer = compare(pathlib.Path(argument))
        agreed &= answer["agrees"]
        print(json.dumps(answer))
    return 0 if agreed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
