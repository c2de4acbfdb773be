// Starts the page: reads the state of the workspace, and connects the parts. Without JavaScript, the page shows the list that the server
// has written into it.
import { api } from "./api.js";
import { Changes } from "./changes.js";
import { ConflictDialog } from "./conflicts.js";
import { locationKey } from "./dialogs.js";
import { DisagreementsPanel } from "./disagreements.js";
import { announce, button, count, find, key, make } from "./elements.js";
import { Filters, queryOf } from "./filters.js";
import { FindingsPanel } from "./findings.js";
import { Grid } from "./grid.js";
import { keysAreOff, showKeys } from "./keys.js";
import { Labelling } from "./labelling.js";
import { BARE, isUnsure } from "./labels.js";
import { FixedList, PhotoList, PhotoStore } from "./photos.js";
import { movedText, showReadingFailure, showSaving } from "./saving.js";
import { Viewer } from "./viewer.js";

document.documentElement.classList.add("script");

const store = new PhotoStore();
const list = new PhotoList(store);
let state, changes, grid, viewer, filters, labelling, findings;
let seenUnsure = new Set();

async function start() {
    // A link to one photo opens the photo in this page.
    const single = /^\/photo\/([0-9a-f]+)$/.exec(location.pathname);
    if (single) history.replaceState(null, "", `/?photo=${single[1]}`);
    const first = history.state?.index ?? 0;
    [state] = await Promise.all([api.state(), list.open(queryOf(location.href), first)]);
    changes = new Changes(store, state.workspace);
    labelling = new Labelling(state, store, changes);
    const conflicts = new ConflictDialog(changes);
    showSaving(changes, () => conflicts.open());
    grid = new Grid(list, store, changes);
    viewer = new Viewer(state, store, changes, labelling);
    filters = new Filters(state);
    filters.query = queryOf(location.href);
    findings = new FindingsPanel();
    const disagreements = new DisagreementsPanel(store, labelling);
    connect(disagreements);
    grid.current = first;
    grid.adopt(find("list"));
    showGrid();
    const resumed = changes.resume();
    if (resumed > 0) announce(`${count(resumed, "change")} of an earlier visit ${resumed === 1 ? "is" : "are"} sent now.`);
    await openAddressedPhoto();
    setTimeout(() => findings.read(), 500);
}

function connect(disagreements) {
    list.addEventListener("reset", showSummary);
    list.addEventListener("loaded", (event) => observe(event.detail.from, event.detail.to));
    grid.onMove = showTarget;
    grid.onOpen = (index) => viewer.open(list, index);
    viewer.onShow = (photo, index) => {
        if (viewer.list === list) grid.move(index);
        setAddress(filters.query, { photo: photo.id, index, isNew: !new URL(location.href).searchParams.has("photo") });
    };
    viewer.onClose = () => {
        if (new URL(location.href).searchParams.has("photo")) setAddress(filters.query, { index: grid.current, isNew: false });
        grid.focus();
    };
    filters.onChange = (query, isTyping) => {
        setAddress(query, { isNew: !isTyping });
        show(query);
    };
    for (const panel of [findings, disagreements]) {
        panel.onPhotos = (ids, title, index) => viewer.open(new FixedList(store, ids, title), index);
    }
    findings.onChecks = (checks) => filters.setFindings(checks);
    addEventListener("popstate", followAddress);
    addEventListener("keydown", press);
    addEventListener("pagehide", () => viewer.boxes.flush());
    addEventListener("beforeunload", () => viewer.boxes.flush());
    document.addEventListener("visibilitychange", () => {
        // Changes of other people appear when a person comes back to the page.
        if (!document.hidden) list.refresh(grid.current, grid.current).catch(() => {});
    });
    find("undo").addEventListener("click", undo);
    find("redo").addEventListener("click", redo);
    find("unsure").addEventListener("click", nextUnsure);
    find("open-keys").addEventListener("click", () => showKeys(state.triggers));
    find("empty-clear").addEventListener("click", () => filters.clear());
    for (const close of document.querySelectorAll("[data-close]")) close.addEventListener("click", () => close.closest("dialog").close());
}

/// Replaces the list of the server by the grid.
function showGrid() {
    const name = state.workspace.split("/").filter(Boolean).at(-1) ?? state.workspace;
    find("list").remove();
    find("pages").remove();
    find("bar").hidden = false;
    document.title = `${name} · Curare review`;
    document.querySelector("h1").textContent = name;
    drawActions();
    list.dispatchEvent(new Event("reset"));
    observe(0, 200);
    grid.move(grid.current);
    if (document.activeElement === document.body) grid.focus();
}

function observe(from, to) {
    const photos = [];
    for (let index = from; index < Math.min(to, list.total); index++) photos.push(list.at(index));
    labelling.observe(photos.filter(Boolean));
}

function showSummary() {
    const shown = list.total === state.photos ? count(state.photos, "photo") : `${list.total.toLocaleString("en")} of ${count(state.photos, "photo")}`;
    find("summary").textContent = state.author ? `${shown} · labels by ${state.author}` : `${shown} · labels without an author`;
}

// The address

function setAddress(query, { photo = null, index = 0, isNew }) {
    const parameters = new URLSearchParams(query);
    if (photo) parameters.set("photo", photo);
    const address = [...parameters].length > 0 ? `/?${parameters}` : "/";
    if (isNew) history.pushState({ index }, "", address);
    else history.replaceState({ index }, "", address);
}

async function followAddress() {
    const query = queryOf(location.href);
    if (String(query) !== String(filters.query)) {
        filters.query = query;
        await show(query, history.state?.index ?? 0);
    }
    await openAddressedPhoto();
}

async function openAddressedPhoto() {
    const id = new URL(location.href).searchParams.get("photo");
    if (!id) {
        viewer.close();
        return;
    }
    if (viewer.id === id) return;
    try {
        const known = list.indexOf(id);
        if (known >= 0) await viewer.open(list, known);
        else await viewer.open(new FixedList(store, [id], "one photo"), 0);
    } catch (error) {
        announce(error.message);
    }
}

async function show(query, index = 0) {
    try {
        grid.clearSelection();
        grid.current = index;
        seenUnsure = new Set();
        await list.open(query, index);
        scrollTo({ top: Math.min(scrollY, find("photos").offsetTop), behavior: "instant" });
    } catch (error) {
        showReadingFailure(error);
    }
}

// Actions

const targets = () => (viewer.isOpen ? [viewer.id] : grid.targets);

function moved(verb, result) {
    if (result === null) announce(verb === "Undone" ? "There is no change to undo." : "There is no change to redo.");
    else announce(movedText(verb, result));
}

const undo = () => {
    viewer.boxes.flush();
    moved("Undone", changes.undo());
};

const redo = () => moved("Redone", changes.redo());

/// Opens the photo with the least sure label that was not shown yet.
async function nextUnsure() {
    if (viewer.isOpen) seenUnsure.add(viewer.id);
    try {
        const query = filters.query;
        query.set("unsure", "1");
        const asOf = performance.now();
        const { photos } = await api.photos(query, 0, 500);
        store.update(photos, asOf);
        const unsure = photos.map((photo) => store.shown(photo.id)).filter((photo) => isUnsure(photo) && !seenUnsure.has(photo.id));
        if (unsure.length === 0) {
            announce(seenUnsure.size > 0 ? "There is no further unsure photo." : "There is no unsure photo.");
            seenUnsure = new Set();
            return;
        }
        const [{ id }] = unsure;
        const index = list.indexOf(id);
        if (index >= 0) await viewer.open(list, index);
        else await viewer.open(new FixedList(store, unsure.map((photo) => photo.id), "unsure photos"), 0);
    } catch (error) {
        announce(error.message);
    }
}

function drawActions() {
    const action = (keys, text, press) => button(keys ? [key(keys), text] : text, press, { class: "chip" });
    find("actions").replaceChildren(
        action("0", "bare", () => labelling.setTrigger(targets(), BARE)),
        ...state.triggers.map((name, index) => action(index < 9 ? String(index + 1) : "", name, () => labelling.setTrigger(targets(), name))),
        ...state.locations.map((location) => action(locationKey(location), location, () => labelling.setLocation(targets(), location))),
        action("v", "person", () => labelling.chooseVolunteer(targets())),
        action("a", "select all", () => grid.selectAll()),
        action("Esc", "select none", () => grid.clearSelection()));
}

function showTarget() {
    const number = grid.selected.size;
    const photo = list.at(grid.current);
    document.body.classList.toggle("has-selection", number > 0);
    find("target").replaceChildren(...(number > 0 ? [`${count(number, "photo")} selected`] : photo ? [make("bdi", {}, photo.name)] : []));
}

// Keys

function isTyping(target) {
    return target.closest?.("input:not([type=checkbox]), select, textarea") !== null;
}

function press(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    if (dialog && dialog.id !== "viewer") return;
    if (isTyping(event.target)) {
        if (event.key === "Escape" && event.target.closest("#filters")) grid.focus();
        return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
        event.preventDefault();
        event.shiftKey ? redo() : undo();
        return;
    }
    if (viewer.isOpen && viewer.boxes.mode !== null && !isControl(event) && viewer.boxes.press(event)) {
        event.preventDefault();
        return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const used = viewer.isOpen ? pressInViewer(event) : pressInGrid(event);
    if (used || (!keysAreOff() && pressCharacter(event))) event.preventDefault();
}

/// Enter and the space bar belong to the button that has the focus.
const isControl = (event) => ["Enter", " "].includes(event.key) && event.target.closest?.("button, a, summary, input") !== null;

function pressInViewer(event) {
    switch (event.key) {
    case "ArrowLeft": case "ArrowUp": viewer.step(-1); return true;
    case "ArrowRight": case "ArrowDown": viewer.step(1); return true;
    case "Escape": viewer.escape(); return true;
    default: return false;
    }
}

function pressInGrid(event) {
    if (isControl(event)) return false;
    const to = (index) => {
        grid.focus();
        grid.move(index, event.shiftKey);
        return true;
    };
    const { current, columns } = grid;
    switch (event.key) {
    case "ArrowLeft": return to(current - 1);
    case "ArrowRight": return to(current + 1);
    case "ArrowUp": return to(current - columns >= 0 ? current - columns : current);
    case "ArrowDown": return to(current + columns < list.total ? current + columns : list.total - 1);
    case "PageUp": return to(current - columns * grid.rowsOnScreen);
    case "PageDown": return to(current + columns * grid.rowsOnScreen);
    case "Home": return to(0);
    case "End": return to(list.total - 1);
    case "Enter": viewer.open(list, current); return true;
    case " ": grid.toggle(); return true;
    case "Escape": grid.clearSelection(); return true;
    default: return false;
    }
}

function pressCharacter(event) {
    const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : /^(?:Digit|Numpad)([0-9])$/.test(event.code) && event.code.startsWith("Digit") ? Number(event.code.slice(5)) : null;
    if (digit !== null) {
        const trigger = digit === 0 ? BARE : state.triggers[digit - 1];
        if (!trigger) announce(`No trigger has the number ${digit}.`);
        else if (event.shiftKey && digit > 0 && event.key !== String(digit)) labelling.toggleTrigger(targets(), trigger);
        else labelling.setTrigger(targets(), trigger);
        return true;
    }
    const box = (kind) => (viewer.isOpen ? viewer.boxes.setMode(viewer.boxes.mode === kind ? null : kind) : announce("Open the photo first, with Enter."));
    const actions = {
        o: () => labelling.setLocation(targets(), "on-face"),
        f: () => labelling.setLocation(targets(), "off-face"),
        t: () => labelling.chooseTrigger(targets()),
        v: () => labelling.chooseVolunteer(targets()),
        y: () => labelling.accept(targets()),
        w: async () => {
            if (!viewer.isOpen) await viewer.open(list, grid.current);
            viewer.who();
        },
        b: () => box("trigger"),
        g: () => box("face"),
        u: undo,
        n: nextUnsure,
        a: () => { if (!viewer.isOpen) grid.selectAll(); },
        "/": () => { if (!viewer.isOpen) filters.focusSearch(); },
        "?": () => showKeys(state.triggers),
    };
    const action = actions[event.key];
    if (!action) return false;
    action();
    return true;
}

start().catch((error) => {
    showReadingFailure(error.kind ? error : { message: `The page did not start: ${error.message}` });
    if (!error.kind) throw error;
});
