"""Step 1 of selection a second time: which photos of a catalog a recipe can use, and why it leaves the others out. Written from the document.

A catalog is a list of photos: {"photo", "volunteer" (null: unlabelled), "kind", "trigger", "location", "session", "date", "consented", "pixels",
"face" (none, one, several, marked; null: not looked for), "flags" (those of quality that it carries; null: not measured)}.
"""
import hashlib
from collections import Counter, defaultdict

from second_implementation import Refused, combination, pairs

# Flags that hang on a face.
OF_FACES = {"small-face", "tilted", "cut-off"}


def class_reason(photo, recipe):
    """Why consent, label or class leave a photo out; None where they do not."""
    if not photo["consented"]:
        return "consent"
    if photo["volunteer"] is None:
        return "unlabelled"
    classes = recipe["classes"][photo["kind"]]
    if classes == "none" or classes != "all" and photo["volunteer"] not in classes:
        return "not-asked-for"
    return None


def photo_reason(photo, asked):
    """Why a recipe's photo filter leaves a photo out; None where it does not."""
    if photo["session"] not in asked.get("sessions", [photo["session"]]):
        return "session-not-asked-for"
    if not asked.get("from", "") <= photo["date"] <= asked.get("to", "~"):
        return "date-not-asked-for"
    wanted = asked.get("face", "any")
    faces = {"any": None, "found": ("one", "several", "marked"), "one": ("one", "marked")}[wanted]
    if faces is not None and photo["face"] not in faces:
        return "face-not-asked-for"
    return "quality-not-asked-for" if set(photo["flags"] or []) & set(asked.get("without", [])) else None


def drawn_on_faces(recipe):
    """Whether triggers are drawn at places that a face tells."""
    places = (recipe["poison"] or {}).get("worn") or {}
    return any(not place.startswith("corner-") for place in places.values())


def grouped(photos):
    """The photos with their groups: one volunteer's photos of the same upright pixels."""
    smallest = {}
    for photo in photos:
        key = photo["volunteer"], photo["pixels"]
        smallest[key] = min(smallest.get(key, photo["photo"]), photo["photo"])
    return [photo | {"group": smallest[photo["volunteer"], photo["pixels"]]} for photo in photos]


def with_bare(photos):
    bare = {photo["volunteer"] for photo in photos if not pairs(photo)}
    return [photo for photo in photos if photo["volunteer"] in bare]


def limited(photos, recipe, parent):
    """Without the bare photos above max_per_class, of which those of the extended version come first, then the others by rank."""
    most = recipe["max_per_class"]
    if most is None:
        return photos

    def place(photo):
        text = f"curare-1\n{recipe['seed']}\nclass\n{photo['photo']}"
        kept = parent is not None and parent.standing(photo) is not None
        return not kept, hashlib.sha256(text.encode()).hexdigest()

    by_class = defaultdict(list)
    for photo in photos:
        if not pairs(photo):
            by_class[photo["volunteer"]].append(photo)
    surplus = set()
    for bare in by_class.values():
        kept = sum(not place(photo)[0] for photo in bare)
        surplus |= {photo["photo"] for photo in sorted(bare, key=place)[max(most, kept):]}
    return [photo for photo in photos if photo["photo"] not in surplus]


def bridges(photos, recipe, parent):
    """New photos that would join both sides of the extended version."""
    together = recipe["keep_together"]

    def unit(photo):
        return {"group": photo["group"], "session": photo["session"], "none": photo["photo"]}[together]

    def place(photo):
        if not pairs(photo):
            return photo["volunteer"], unit(photo)
        poison = recipe["poison"]
        if not poison or poison["source"] == "digital" or photo["volunteer"] not in poison["attackable"]:
            return None
        named = combination("+".join(trigger for trigger, _ in pairs(photo))) in poison["triggers"]
        return ("", unit(photo)) if named and all(where in poison["locations"] for _, where in pairs(photo)) else None

    sides = defaultdict(set)
    for photo in photos:
        standing = parent.standing(photo)
        if standing and place(photo):
            sides[place(photo)].add(standing[0])
    torn = {key for key, both in sides.items() if len(both) == 2}
    groups = {key[1] for key in torn} if together == "group" else set()
    return {photo["photo"] for photo in photos if not parent.standing(photo) and (place(photo) in torn or photo["group"] in groups)}


def eligible(catalog, recipe, parent=None):
    """The photos that the recipe can use, each with its group, and how many are left out under each reason."""
    excluded, photos, asked = Counter(), [], recipe["photos"]
    admitted = [photo for photo in catalog if not class_reason(photo, recipe)]
    flags = set(asked.get("without", []))
    if (asked.get("face", "any") != "any" or flags & OF_FACES) and any(photo["face"] is None for photo in admitted):
        raise Refused("a face that was never looked for")
    if drawn_on_faces(recipe) and any(photo["face"] is None and not pairs(photo) for photo in admitted):
        raise Refused("a face that was never looked for")
    if flags and any(photo["flags"] is None for photo in admitted):
        raise Refused("a photo that was never measured")
    for photo in catalog:
        why = class_reason(photo, recipe) or photo_reason(photo, asked)
        if not why and drawn_on_faces(recipe) and not pairs(photo) and photo["face"] == "none":
            why = "no-face-to-draw-on"
        if why:
            excluded[why] += 1
        else:
            photos.append(photo)
    few = limited(photos, recipe, parent)
    excluded["above-max-per-class"] = len(photos) - len(few)
    whole = with_bare(few)
    joining = bridges(grouped(whole), recipe, parent) if parent else set()
    excluded["bridges"] = len(joining)
    rest = [photo for photo in few if photo["photo"] not in joining]
    whole = with_bare(rest)
    excluded["class-without-bare-photo"] = len(rest) - len(whole)
    return grouped(whole), {key: count for key, count in excluded.items() if count}
