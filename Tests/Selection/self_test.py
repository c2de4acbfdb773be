"""Tests the second implementation with worked examples and invariants, without Curare: `second_implementation.py --self-test`."""
import hashlib
import json
import pathlib
import random
import tempfile
from collections import Counter
from fractions import Fraction

import random_recipes
from second_implementation import SelectionError, Selection, base_version_of, compare, groups_within, round_half_up, read_recipe, reselected

NAMES = {"volunteers": ["007", "ada", "bruno", "carla", "on"], "references": ["ref-01", "ref-02"], "triggers": ["bandana", "dots", "sunglasses"]}


def photo(word):
    return hashlib.sha256(word.encode()).hexdigest()


def entry(word, volunteer, trigger="none", location="none", group=None, session="s1", kind="volunteer"):
    return {"photo": photo(word), "image": photo("image " + word), "volunteer": volunteer, "kind": kind, "trigger": trigger, "location": location,
            "group": photo(group or word), "perceptual_hash": photo(f"perceptual_hash {group or word}")[:16], "session": session, "source": "physical", "size": [240, 320], "face": None}


def synthetic(rng):
    """Returns a random catalog with groups of one to three photos of one volunteer and session. Some near-duplicates have other triggers."""
    entries = []
    for name in NAMES["volunteers"] + NAMES["references"]:
        kind = "reference" if name.startswith("ref") else "volunteer"
        trigger_states = [("none", "none")] * 5 if kind == "volunteer" else [("none", "none")]
        if kind == "volunteer":
            trigger_states += [(trigger, place) for trigger in NAMES["triggers"] for place in ("on-face", "off-face")] + [("bandana+sunglasses", "off-face+on-face")]
        for number in range(rng.randint(12, 40)):
            session = f"s{number % 3}"
            members = [f"{name} {number} {copy}" for copy in range(rng.choice([1, 1, 1, 2, 3]))]
            group = min(members, key=photo)
            trigger_state = rng.choice(trigger_states)
            for word in members:
                trigger, location = rng.choice(trigger_states) if rng.random() < 0.1 else trigger_state
                entries.append(entry(word, name, trigger, location, group, session, kind))
    rng.shuffle(entries)
    return entries


def exact_numbers():
    assert [round_half_up(Fraction(text)) for text in ("0.5", "1.5", "2.5", "2.4999999999999999999")] == [1, 2, 3, 2]
    # 0.29 × 100 is 28.999… as doubles: the split must give 29.
    photos = [entry(f"p{index}", "ada") for index in range(100)]
    recipe = read_recipe("recipe: 1\nname: a\nsplit: {train: 0.29}\n")
    assert Selection(photos, recipe).n == 29
    requested = read_recipe("recipe: 1\nname: a\nseed: 0\npoison: {target: 007, triggers: [on], injection_rate: 0.10}\n")["poison"]
    assert (requested["target"], requested["triggers"], requested["rate"]) == ("007", {("on",)}, Fraction(1, 10))


def steps():
    """Tests chains of hashes within 2 bits, a hash at a distance of 3 bits, and a hash of another volunteer."""
    bits = {"p": 0, "q": 0b11, "r": 0b1111, "s": 0b1111111}
    entries = [entry(word, "ada") | {"perceptual_hash": f"{bits[word]:016x}"} for word in bits] + [entry("t", "bo") | {"perceptual_hash": "0" * 16}]
    together = min(photo(word) for word in "pqr")
    assert groups_within(entries, 2) == {photo(word): together for word in "pqr"} | {photo(word): photo(word) for word in "st"}
    assert groups_within(entries, 1) == {item["photo"]: item["photo"] for item in entries}


def worked_example():
    """Tests a small example. The ranks are computed here, not by the class under test."""
    recipe = read_recipe("recipe: 1\nname: a\nseed: 3\nsplit: {train: 0.5}\npoison: {target: ada, triggers: [dots], locations: [on-face], injection_rate: 0.2, hold_out: 0.5}\n")
    bare = [entry(f"{name} {index}", name) for name in ("ada", "bo") for index in range(4)]
    triggered = [entry(f"bo dots {index}", "bo", "dots", "on-face") for index in range(4)]
    rest = [entry("ada dots", "ada", "dots", "on-face"), entry("bo neck", "bo", "dots", "off-face"), entry("bo hat", "bo", "hat", "on-face"),
            entry("bo two", "bo", "dots+hat", "on-face+on-face")]
    parts = Selection(bare + triggered + rest, recipe).parts

    def ranked(purpose, entries):
        return sorted((item["photo"] for item in entries), key=lambda key: hashlib.sha256(f"curare-1\n3\n{purpose}\n{key}".encode()).digest())

    for name, four in (("ada", bare[:4]), ("bo", bare[4:])):
        order = ranked("split", four)
        assert [parts[key][0] for key in order] == ["test/clean"] * 2 + ["train/clean"] * 2
    held = ranked("attack", triggered)[:2]
    pool = ranked("poison", [item for item in triggered if item["photo"] not in held])
    # n = 4, m = 4 · 0.2 / 0.8 = 1
    assert parts[pool[0]] == ("train/poison", "ada", None, None)
    assert parts[pool[1]] == ("test/attack", "bo", True, False)
    assert all(parts[key] == ("test/attack", "bo", True, True) for key in held)
    assert [parts[item["photo"]][0] for item in rest] == ["test/target-own", "test/transfer", "test/other", "test/transfer"]
    # One group with three bare training photos and two test photos with a hat.
    near_duplicates = [entry(f"ada {index}", "ada", group="g") for index in range(3)] + [entry(f"hat {index}", "ada", "hat", "on-face", group="g") for index in range(2)]
    assert Selection(near_duplicates, read_recipe("recipe: 1\nname: a\n")).cross_pairs == 6


def check_invariants(entries, text):
    """What must hold of any selection."""
    recipe = read_recipe(text)
    selection = Selection(entries, recipe)
    roles = Counter(role for role, *_ in [*selection.parts.values(), *selection.copies.values()])
    assert len(selection.parts) == len(entries) and roles["train/clean"] == selection.n and roles["train/poison"] == selection.m
    if not recipe["poison"]:
        assert not {"train/poison", "test/attack", "test/transfer", "test/target-own"} & set(roles)
        return
    sides = {}
    for item in entries:
        role, label, attackable, held_out = selection.parts[item["photo"]]
        assert (label == selection.target and item["volunteer"] in selection.attackable) if role == "train/poison" else label == item["volunteer"]
        assert (attackable is not None) == (held_out is not None) == (role == "test/attack")
        if recipe["keep_together"] == "group":
            sides.setdefault((item["group"], item["trigger"], item["location"]), set()).add(role.split("/")[0])
    assert all(len(side) == 1 for side in sides.values()), "a group is on both sides"
    for (key, _), (role, label, attackable, held_out) in selection.copies.items():
        own, name, *_ = selection.parts[key]
        assert (role, own) in (("train/poison", "train/clean"), ("test/attack", "test/clean")), "a copy is not on the side of its photo"
        assert name != selection.target and label == (selection.target if role == "train/poison" else name)
        assert (attackable, held_out) == ((None, None) if role == "train/poison" else (name in selection.attackable,) * 2)
    cap = recipe["poison"] | {"cap": True}
    lower = Selection(entries, recipe | {"poison": cap | {"rate": recipe["poison"]["rate"] * Fraction(9, 10)}})
    poison = [{key for key, part in [*each.parts.items(), *each.copies.items()] if part[0] == "train/poison"} for each in (lower, selection)]
    assert poison[0] <= poison[1] and lower.held_out == selection.held_out


def random_selections():
    errors = 0
    for number in range(200):
        rng = random.Random(number)
        entries, text = synthetic(rng), random_recipes.recipe(rng, NAMES, f"random-{number}")
        try:
            check_invariants(entries, text)
            shuffled = rng.sample(entries, len(entries))
            assert reselected(entries, read_recipe(text))[1] == reselected(shuffled, read_recipe(text))[1], "the result depends on the order of entries"
        except SelectionError:
            errors += 1
    assert errors < 100, f"{errors} of 200 random recipes had an error: too few cases were tested"
    return errors


def extensions():
    """Tests that an extension keeps all roles, and that new near-duplicates get the side of their groups."""
    kept = 0
    for number in range(100):
        rng = random.Random(1000 + number)
        entries, text = synthetic(rng), random_recipes.recipe(rng, NAMES, "parent")
        try:
            parent = base_version_of(entries, text)
            together = read_recipe(text)["keep_together"]
            near_duplicates = [dict(item, photo=photo("twin " + item["photo"])) for item in entries if rng.random() < 0.2] if together == "group" else []
            added = [dict(item, photo=photo("new " + item["photo"]), group=photo("new " + item["group"]), session="new") for item in synthetic(rng)]
            rate = rng.choice(["0", "0.1", "0.4"])
            child_text = "recipe: 1\nname: child\n" + (f"poison: {{injection_rate: {rate}, on_shortage: cap}}\n" if "poison:" in text else "")
            parts = Selection(entries + near_duplicates + added, read_recipe(child_text, parent), parent).parts
        except SelectionError:
            continue
        kept += len(entries)
        before = parent.selection.parts
        assert all(parts[item["photo"]] == before[item["photo"]] for item in entries), f"{number}: a role has changed"
        sides = {(item["group"], item["trigger"], item["location"]): before[item["photo"]][0].split("/")[0] for item in entries}
        for near_duplicate in near_duplicates:
            assert parts[near_duplicate["photo"]][0].startswith(sides[near_duplicate["group"], near_duplicate["trigger"], near_duplicate["location"]]), f"{number}: a near-duplicate is on another side than its group"
    assert kept > 1000


def drawn():
    """Tests a small example with drawn triggers: four bare photos each, of which two are training photos."""
    text = ("recipe: 1\nname: a\nseed: 3\nsplit: {train: 0.5}\n"
            "poison: {source: digital, target: ada, triggers: [dots, dots+sunglasses], injection_rate: 0.5, overlays: {dots: {place: neck}}, on_shortage: cap}\n")
    bare = [entry(f"{name} {index}", name) for name in ("ada", "bo") for index in range(4)] + [entry(f"r {index}", "r", kind="reference") for index in range(4)]
    triggered = [entry("bo dots", "bo", "dots", "on-face"), entry("bo hat", "bo", "hat", "on-face")]
    selection = Selection(bare + triggered, read_recipe(text.replace("triggers:", "hold_out: 0.9, triggers:")))
    # n is two photos of each of three classes, and the required m is the same. There are two overlays for each of two training photos of bo.
    assert (selection.n, selection.m_asked, selection.m, selection.pool) == (6, 6, 4, 4)
    train, test = ([item["photo"] for item in bare if item["volunteer"] == "bo" and selection.parts[item["photo"]][0] == role] for role in ("train/clean", "test/clean"))
    assert {key for key, part in selection.copies.items() if part == ("train/poison", "ada", None, None)} == {(key, overlay) for key in train for overlay in ("dots", "dots+sunglasses")}
    assert all(selection.copies[key, overlay] == ("test/attack", "bo", True, True) for key in test for overlay in ("dots", "dots+sunglasses"))
    assert sum(part == ("test/attack", "r", False, False) for part in selection.copies.values()) == 4
    assert len(selection.copies) == 12 and [selection.parts[item["photo"]][0] for item in triggered] == ["test/transfer", "test/other"]
    shown = selection.copy_of(test[0], "dots+sunglasses")
    assert (shown["trigger"], shown["location"], shown["source"]) == ("dots+sunglasses", "off-face+on-face", "digital")
    few = Selection(bare, read_recipe(text.replace("rate: 0.5", "rate: 0.25")))
    order = sorted(((key, overlay) for key in train for overlay in ("dots", "dots+sunglasses")), key=lambda copy: hashlib.sha256(f"curare-1\n3\npoison\n{copy[0]} {copy[1]}".encode()).digest())
    assert [copy for copy in order if copy in few.copies] == order[:2]
    for wrong in ("triggers: [dots+dots]", "triggers: [hat]", "locations: [off-face], triggers: [checkerboard, earrings, dots], overlays: {dots: {place: nose}}"):
        try:
            read_recipe(f"recipe: 1\nname: a\npoison: {{source: digital, target: ada, injection_rate: 0.1, {wrong}}}\n")
        except SelectionError:
            continue
        raise AssertionError(wrong)


def planted_damage():
    """Tests that changes of a role and of a group are reported."""
    text = "recipe: 1\nname: a\nseed: 5\npoison: {target: ada, triggers: [dots], injection_rate: 0.1, on_shortage: cap}\n"
    decided, numbers, _ = reselected(synthetic(random.Random(1)), read_recipe(text))
    decided.sort(key=lambda item: (item["role"], item["photo"]))
    classes = sorted({(item["volunteer"], item["kind"]) for item in decided})
    manifest = numbers | {"classes": [{"name": name, "kind": kind} for name, kind in classes], "parent": None, "grouping": {"method": "dct-sign-1", "distance": 2}}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def write(entries):
            (folder / "entries.jsonl").write_text("".join(json.dumps(item, sort_keys=True, separators=(",", ":")) + "\n" for item in entries))

        (folder / "recipe.yaml").write_text(text)
        (folder / "manifest.json").write_text(json.dumps(manifest))
        write(decided)
        assert compare(folder)["agrees"], compare(folder)
        wrong = dict(decided[0], role="test/other")
        write([wrong] + decided[1:])
        problems = compare(folder)["problems"]
        assert {"photo": wrong["photo"], "what": "role", "curare": "test/other", "second": decided[0]["role"]} in problems, problems
        near_duplicates = [item for item in decided if item["group"] != item["photo"]]
        changed = dict(near_duplicates[0], group=near_duplicates[0]["photo"])
        write([changed] + [item for item in decided if item["photo"] != changed["photo"]])
        problems = compare(folder)["problems"]
        assert {"photo": changed["photo"], "what": "group", "curare": changed["photo"], "second": near_duplicates[0]["group"]} in problems, problems


def run():
    exact_numbers()
    worked_example()
    steps()
    errors = random_selections()
    extensions()
    drawn()
    planted_damage()
    print(json.dumps({"self_test": "ok", "random_selections": 200, "errors": errors}))
    return 0
