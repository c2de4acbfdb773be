"""Step 1 of selection in the second implementation: the photos that a recipe can use, and the reasons for excluding other photos.

A catalog is a list of photos: {"photo", "volunteer" (null: unlabelled), "kind", "trigger", "location", "session", "date", "consented", "pixels",
"face" (none, one, several, marked; null: not searched), "flags" (quality flags; null: not measured)}.
"""
import hashlib
from collections import Counter, defaultdict

from second_implementation import SelectionError, combination, pairs

# Flags that depend on a face.
OF_FACES = {"small-face", "tilted", "cut-off"}


def class_reason(photo, recipe):
    """Returns the reason why consent, label or class exclude a photo. None when they do not."""
    if not photo["consented"]:
        return "consent"
    if photo["volunteer"] is None:
        return "unlabelled"
    classes = recipe["classes"][photo["kind"]]
    if classes == "none" or classes != "all" and photo["volunteer"] not in classes:
        return "not-asked-for"
    return None


def photo_reason(photo, requested):
    """Returns the reason why the photo filter excludes a photo. None when it does not."""
    if photo["session"] not in requested.get("sessions", [photo["session"]]):
        return "session-not-asked-for"
    if not requested.get("from", "") <= photo["date"] <= requested.get("to", "~"):
        return "date-not-asked-for"
    wanted = requested.get("face", "any")
    faces = {"any": None, "found": ("one", "several", "marked"), "one": ("one", "marked")}[wanted]
    if faces is not None and photo["face"] not in faces:
        return "face-not-asked-for"
    return "quality-not-asked-for" if set(photo["flags"] or []) & set(requested.get("without", [])) else None


def drawn_on_faces(recipe):
    """Returns whether triggers are drawn at places of the face."""
    places = (recipe["poison"] or {}).get("places") or {}
    return any(not place.startswith("corner-") for place in places.values())


def grouped(photos):
    """Returns the photos with their groups. In these catalogs, photos are near-duplicates when their pixels are the same."""
    smallest = {}
    for photo in photos:
        key = photo["volunteer"], photo["pixels"]
        smallest[key] = min(smallest.get(key, photo["photo"]), photo["photo"])
    return [photo | {"group": smallest[photo["volunteer"], photo["pixels"]]} for photo in photos]


def with_bare(photos):
    bare = {photo["volunteer"] for photo in photos if not pairs(photo)}
    return [photo for photo in photos if photo["volunteer"] in bare]


def limited(photos, recipe, parent):
    """Returns the photos without bare photos above max_per_class. Photos of the base version come first, then other photos by rank."""
    most = recipe["max_per_class"]
    if most is None:
        return photos

    def place(photo):
        text = f"curare-1\n{recipe['seed']}\nclass\n{photo['photo']}"
        kept = parent is not None and parent.prior_assignment(photo) is not None
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
    """Returns new photos that link both sides of the base version."""
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
        prior_assignment = parent.prior_assignment(photo)
        if prior_assignment and place(photo):
            sides[place(photo)].add(prior_assignment[0])
    on_both_sides = {key for key, both in sides.items() if len(both) == 2}
    groups = {key[1] for key in on_both_sides} if together == "group" else set()
    return {photo["photo"] for photo in photos if not parent.prior_assignment(photo) and (place(photo) in on_both_sides or photo["group"] in groups)}


def eligible(catalog, recipe, parent=None):
    """Returns the photos that the recipe can use, each with its group, and the number of excluded photos for each reason."""
    excluded, photos, requested = Counter(), [], recipe["photos"]
    admitted = [photo for photo in catalog if not class_reason(photo, recipe)]
    flags = set(requested.get("without", []))
    if (requested.get("face", "any") != "any" or flags & OF_FACES) and any(photo["face"] is None for photo in admitted):
        raise SelectionError("no face was searched in a photo")
    if drawn_on_faces(recipe) and any(photo["face"] is None and not pairs(photo) for photo in admitted):
        raise SelectionError("no face was searched in a photo")
    if flags and any(photo["flags"] is None for photo in admitted):
        raise SelectionError("a photo was not measured")
    for photo in catalog:
        why = class_reason(photo, recipe) or photo_reason(photo, requested)
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
