import { api } from "./api.js";
import { labelOf, matches, sameBox, withLabel } from "./labels.js";

/// Photos in one request.
const LIMIT = 500;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10000;

/// The changes that are not in the catalog yet, in their order, and the changes that can be undone.
///
/// An entry is one request: `{changes: [{id, version, set}]}` for labels, `{changes: [{id, version, box: {kind, box}}]}` for a
/// box. `version` is the version of the photo that the person saw. It is null while an earlier change of the same photo is
/// not saved; the response of that change has the version. Therefore a change by another person is never overwritten.
///
/// The entries are kept in the session storage of the browser tab until they are saved.
export class Changes extends EventTarget {
    #store;
    #storageKey;
    #entries = [];
    #isSending = false;
    #wait = FIRST_WAIT;
    #timer = 0;
    #undo = [];
    #redo = [];
    /// Changes of photos that another person or window has changed too: id → {set, boxes, photo}.
    conflicts = new Map();
    /// What stops the sending: null, `unreachable`, `busy` or `signed-out`.
    trouble = null;
    troubleText = "";
    isStored = true;

    constructor(store, workspace) {
        super();
        this.#store = store;
        this.#storageKey = `curare-review:${workspace}`;
        store.overlay = (photo) => this.#overlay(photo);
        this.#restore();
    }

    get unsaved() { return this.#entries.reduce((sum, entry) => sum + entry.changes.length, 0) + this.conflicts.size; }
    get isSaving() { return this.#entries.length > 0 && this.trouble === null; }
    get canUndo() { return this.#undo.length > 0; }
    get canRedo() { return this.#redo.length > 0; }
    get nextUndo() { return this.#undo.at(-1)?.title ?? ""; }

    isUnsaved(id) { return this.conflicts.has(id) || this.#entries.some((entry) => entry.changes.some((change) => change.id === id)); }

    /// Gives photos new labels. `sets`: id → the new values.
    label(sets, title) {
        const items = [];
        for (const [id, set] of sets) {
            const photo = this.#store.shown(id);
            if (!photo || (matches(photo, set) && !photo.suggested)) continue;
            items.push({ id, kind: "label", before: labelOf(photo), after: labelOf(withLabel(photo, set)), set });
        }
        if (items.length > 0) this.#record(items, title);
        return items.length;
    }

    /// Sets or removes the box of a photo. - Parameter kind: `trigger` or `face`.
    box(id, kind, box, title) {
        const before = boxOf(this.#store.shown(id), kind);
        if (sameBox(before, box)) return;
        this.#record([{ id, kind, before, after: box }], title);
    }

    #record(items, title) {
        this.#undo.push({ items, title });
        this.#redo = [];
        this.#add(items.map((item) => (item.kind === "label" ? { id: item.id, set: item.set } : boxChange(item, item.after))));
    }

    undo() { return this.#move(this.#undo, this.#redo, "after", "before"); }
    redo() { return this.#move(this.#redo, this.#undo, "before", "after"); }

    /// Makes changes that set earlier values again. A value that differs from the value that the change left stays: another
    /// person has changed it.
    ///
    /// Returns `{title, moved, kept, first}`: the photos that change, the photos that stay, and the first photo; null
    /// without a change.
    #move(source, target, from, to) {
        const step = source.pop();
        if (!step) return null;
        const moved = step.items.filter((item) => {
            const photo = this.#store.shown(item.id);
            if (!photo || item[to] === undefined) return false;
            if (item.kind !== "label") return sameBox(boxOf(photo, item.kind), item[from]);
            return item[to] !== null && matches(photo, item[from] ?? {});
        });
        if (moved.length > 0) {
            target.push({ ...step, items: moved });
            this.#add(moved.map((item) => (item.kind === "label" ? { id: item.id, set: item[to] } : boxChange(item, item[to]))));
        }
        this.#notify();
        return { title: step.title, moved: moved.length, kept: step.items.length - moved.length, first: step.items[0].id };
    }

    #add(changes) {
        const free = [];
        for (const change of changes) {
            if (this.conflicts.has(change.id)) this.#merge(change);
            else free.push({ ...change, version: this.#hasEntry(change.id) ? null : this.#store.confirmed(change.id).version });
        }
        const labels = free.filter((change) => change.set);
        for (let start = 0; start < labels.length; start += LIMIT) this.#entries.push({ changes: labels.slice(start, start + LIMIT) });
        for (const change of free.filter((change) => change.box)) this.#entries.push({ changes: [change] });
        this.#keep();
        for (const change of changes) this.#store.changed(change.id);
        this.#notify();
        this.#send();
    }

    #hasEntry(id) { return this.#entries.some((entry) => entry.changes.some((change) => change.id === id)); }

    #overlay(photo) {
        let shown = photo;
        const conflict = this.conflicts.get(photo.id);
        if (conflict?.set) shown = withLabel(shown, conflict.set);
        for (const [kind, box] of Object.entries(conflict?.boxes ?? {})) shown = withBox(shown, kind, box);
        for (const entry of this.#entries) {
            for (const change of entry.changes) {
                if (change.id !== photo.id) continue;
                shown = change.set ? withLabel(shown, change.set) : withBox(shown, change.box.kind, change.box.box);
            }
        }
        return shown;
    }

    /// Sends the entries one after the other. A failed entry stays the first one.
    async #send() {
        if (this.#isSending) return;
        this.#isSending = true;
        clearTimeout(this.#timer);
        while (this.#entries.length > 0) {
            const entry = this.#entries[0];
            try {
                this.#saved(entry, await request(entry));
                this.#wait = FIRST_WAIT;
                this.#setTrouble(null);
            } catch (error) {
                if (error.kind === "conflict") this.#conflict(entry, error);
                else if (error.kind === "refused") this.#refused(entry, error);
                else {
                    this.#setTrouble(error.kind ?? "busy", error.message);
                    this.#timer = setTimeout(() => this.#send(), this.#wait);
                    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
                    break;
                }
            }
        }
        this.#isSending = false;
        this.#notify();
    }

    /// Sends again without waiting.
    retry() {
        this.#wait = FIRST_WAIT;
        this.#send();
    }

    #saved(entry, photos) {
        this.#remove(entry);
        this.#store.update(photos);
        for (const photo of photos) this.#continue(photo.id, photo.version);
        for (const change of entry.changes) this.#store.changed(change.id);
        this.#keep();
        this.#notify();
        this.dispatchEvent(new Event("saved"));
    }

    #remove(entry) { this.#entries = this.#entries.filter((other) => other !== entry); }

    /// Gives the next change of a photo the version that the change before it made.
    #continue(id, version) {
        for (const entry of this.#entries) {
            const next = entry.changes.find((change) => change.id === id);
            if (next) {
                next.version = version;
                return;
            }
        }
    }

    /// Nothing of the entry is saved. Photos that have the new values already are saved: the response of an earlier request
    /// was lost. The changes of other photos without a conflict are sent again. A person decides about the rest.
    #conflict(entry, error) {
        const photos = error.conflicts;
        const present = new Map(photos.map((photo) => [photo.id, photo]));
        // The photos were removed from the workspace.
        if (!entry.changes.some((change) => present.has(change.id))) {
            this.#refused(entry, error);
            return;
        }
        this.#store.update(photos);
        const free = entry.changes.filter((change) => !present.has(change.id));
        const index = this.#entries.indexOf(entry);
        this.#entries.splice(index, 1, ...(free.length > 0 ? [{ changes: free }] : []));
        for (const change of entry.changes) {
            const photo = present.get(change.id);
            if (!photo) continue;
            if (isDone(change, photo)) {
                this.#continue(photo.id, photo.version);
                continue;
            }
            this.conflicts.set(photo.id, { boxes: {}, photo });
            this.#merge(change);
            for (const later of this.#entries) {
                for (const next of later.changes) if (next.id === photo.id) this.#merge(next);
                later.changes = later.changes.filter((next) => next.id !== photo.id);
            }
        }
        this.#entries = this.#entries.filter((other) => other.changes.length > 0);
        this.#keep();
        for (const photo of photos) this.#store.changed(photo.id);
        this.#notify();
        if (this.conflicts.size > 0) this.dispatchEvent(new Event("conflict"));
    }

    #merge(change) {
        const conflict = this.conflicts.get(change.id);
        if (change.set) conflict.set = { ...conflict.set, ...change.set };
        else conflict.boxes[change.box.kind] = change.box.box;
    }

    /// Decides a conflict. - Parameter keepsMine: whether the person's own values replace the values of the catalog.
    decide(id, keepsMine) {
        const { set, boxes, photo } = this.conflicts.get(id);
        this.conflicts.delete(id);
        if (keepsMine) {
            const changes = Object.entries(boxes).map(([kind, box]) => ({ id, box: { kind, box } }));
            // The person has seen this version in the dialog.
            this.#store.update([photo]);
            this.#add(set ? [{ id, set }, ...changes] : changes);
        } else {
            this.#keep();
            this.#store.changed(id);
            this.#notify();
        }
    }

    /// The server does not accept the change, for example because a name does not exist. The change is dropped, and the
    /// person gets the reason.
    #refused(entry, error) {
        this.#remove(entry);
        for (const change of entry.changes) {
            this.#continue(change.id, change.version);
            this.#store.changed(change.id);
        }
        this.#keep();
        this.#setTrouble(null);
        this.#notify();
        this.dispatchEvent(new CustomEvent("refused", { detail: { photos: entry.changes.map((change) => change.id), error } }));
    }

    #setTrouble(trouble, text = "") {
        this.trouble = trouble;
        this.troubleText = text;
        this.#notify();
    }

    #notify() { this.dispatchEvent(new Event("state")); }

    #keep() {
        try {
            if (this.unsaved === 0) sessionStorage.removeItem(this.#storageKey);
            else sessionStorage.setItem(this.#storageKey, JSON.stringify({ entries: this.#entries, conflicts: [...this.conflicts] }));
            this.isStored = true;
        } catch {
            // The storage is full or switched off. The page warns before a person leaves it.
            this.isStored = false;
        }
    }

    #restore() {
        let kept;
        try {
            kept = JSON.parse(sessionStorage.getItem(this.#storageKey) ?? "null");
        } catch {
            kept = null;
        }
        this.#entries = kept?.entries ?? [];
        this.conflicts = new Map(kept?.conflicts ?? []);
    }

    /// Sends the changes that an earlier page in this tab did not save. Returns their number.
    resume() {
        const number = this.unsaved;
        if (this.#entries.length > 0) this.#send();
        if (this.conflicts.size > 0) this.dispatchEvent(new Event("conflict"));
        this.#notify();
        return number;
    }
}

const boxChange = (item, box) => ({ id: item.id, box: { kind: item.kind, box } });

const boxOf = (photo, kind) => (kind === "face" ? photo.face : photo.box);

const withBox = (photo, kind, box) => (kind === "face" ? { ...photo, face: box, face_source: "review" } : { ...photo, box });

const isDone = (change, photo) =>
    change.set ? matches(photo, change.set) && !photo.suggested : sameBox(boxOf(photo, change.box.kind), change.box.box);

async function request({ changes }) {
    const [{ id, version, box }] = changes;
    if (box) return [(await api.box(id, version, box.kind, box.box)).photo];
    return (await api.labels(changes)).photos;
}
