// What a label is. Pure functions.

export const BARE = "none";
export const LOCATIONS = ["on-face", "off-face"];

export const hasLabel = (photo) => photo.volunteer !== null && photo.trigger !== null;

/// The triggers of a photo with their locations, in the order of the catalog.
export function placements(photo) {
    if (!hasLabel(photo) || photo.trigger === BARE) return [];
    const locations = (photo.location ?? "").split("+");
    return photo.trigger.split("+").map((trigger, index) => ({ trigger, location: locations[index] ?? "" }));
}

/// The values of a label for `set`. A bare photo has no location.
export function values(list) {
    if (list.length === 0) return { trigger: BARE };
    const sorted = [...list].sort((a, b) => compare(a.trigger, b.trigger) || compare(a.location, b.location));
    return {
        trigger: sorted.map((placement) => placement.trigger).join("+"),
        location: sorted.map((placement) => placement.location).join("+"),
    };
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/// The whole label of a photo for `set`, or null if the photo has none.
export const labelOf = (photo) => (hasLabel(photo) ? { volunteer: photo.volunteer, ...values(placements(photo)) } : null);

/// Whether the label of `photo` has all values of `set`.
export function matches(photo, set) {
    if (!hasLabel(photo)) return false;
    if (set.volunteer !== undefined && set.volunteer !== photo.volunteer) return false;
    if (set.trigger === undefined && set.location === undefined) return true;
    const trigger = set.trigger ?? photo.trigger;
    if (trigger === BARE) return photo.trigger === BARE;
    return trigger === photo.trigger && (set.location ?? photo.location) === photo.location;
}

/// The photo with the values of `set`.
export function withLabel(photo, set) {
    const changed = { ...photo, ...set, source: "review", suggested: false };
    if (set.trigger === BARE) changed.location = BARE;
    return changed;
}

export const sameBox = (a, b) => (a === null || b === null ? a === b : a.every((number, index) => number === b[index]));

/// `sunglasses on-face`, `bare`, `bandana on-face, tattoo off-face`.
export function triggerText(set) {
    if (set.trigger === BARE) return "bare";
    const locations = (set.location ?? "").split("+");
    return set.trigger.split("+").map((name, index) => `${name} ${locations[index] ?? ""}`.trim()).join(", ");
}

/// The label in one line.
export const labelText = (photo) => (hasLabel(photo) ? `${photo.volunteer} · ${triggerText(photo)}` : "no label yet");

export const boxText = (box) => (box === null ? "none" : box.join(" "));

/// Whether a person must still look at the label.
export const isUnsure = (photo) => photo.suggested || photo.reason !== null || !hasLabel(photo);
