import { find, make } from "./elements.js";

/// All keys, for the help. The keys of the grid work on the selected photos or, without a selection, on the current photo.
const GROUPS = [
    ["Label", [
        ["0", "bare: no trigger"],
        ["1 – 9", "the trigger with this number"],
        ["Shift 1 – 9", "add or remove a trigger: several triggers at the same time"],
        ["t", "choose a trigger by its name"],
        ["o", "on-face"],
        ["f", "off-face"],
        ["v", "choose the person"],
        ["w", "who is this: the nearest faces"],
        ["y", "yes: accept the suggested label"],
        ["u or Ctrl Z", "undo"],
        ["Ctrl Shift Z", "redo"],
    ]],
    ["Photos", [
        ["← → ↑ ↓", "move"],
        ["Home, End", "first and last photo"],
        ["Page up, Page down", "one screen up or down"],
        ["Enter", "open the photo"],
        ["Esc", "close the photo, or remove the selection"],
        ["n", "next unsure photo"],
        ["Space", "select the photo, or remove it from the selection"],
        ["Shift and an arrow", "select a range"],
        ["a", "select all photos of the list"],
        ["/", "search"],
        ["?", "this help"],
    ]],
    ["Boxes, in the open photo", [
        ["b", "trigger box: drag to draw, drag inside to move, drag a corner or an edge to change the size"],
        ["g", "face box"],
        ["Enter", "make a box in the middle, if there is none"],
        ["← → ↑ ↓", "move the box by one pixel; with Shift by ten pixels"],
        ["Ctrl and an arrow", "change the size"],
        ["Delete", "remove the box"],
        ["Esc", "leave the box"],
    ]],
];

const SETTING = "curare-review-keys-off";

export const keysAreOff = () => sessionStorage.getItem(SETTING) === "1";

export function showKeys(triggers) {
    const numbers = [["0", "bare"], ...triggers.slice(0, 9).map((name, index) => [String(index + 1), name])];
    const off = make("input", { type: "checkbox", id: "keys-off" });
    off.checked = keysAreOff();
    off.addEventListener("change", () => (off.checked ? sessionStorage.setItem(SETTING, "1") : sessionStorage.removeItem(SETTING)));
    find("keys-body").replaceChildren(
        table("Numbers of the triggers", numbers),
        ...GROUPS.map(([title, keys]) => table(title, keys)),
        make("p", {}, off, " ", make("label", { for: off.id }, "Switch the letters and numbers off, for example for speech input")));
    find("keys").showModal();
}

const table = (title, rows) =>
    make("section", {}, make("h3", {}, title),
        make("dl", { class: "keys" }, ...rows.flatMap(([keys, text]) => [make("dt", {}, make("kbd", {}, keys)), make("dd", {}, text)])));
