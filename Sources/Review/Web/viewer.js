import { api } from "./api.js";
import { announce, button, find, imageAddress, isolated, key, make } from "./elements.js";
import { BARE, boxText, hasLabel, labelText, placements } from "./labels.js";
import { Boxes } from "./boxes.js";
import { ask, locationKey } from "./dialogs.js";

const PREFETCH = 3;

/// One photo, with its boxes and its label.
export class Viewer {
    #dialog = find("viewer");
    #store;
    #changes;
    #labelling;
    #state;
    #list = null;
    #prefetched = [];
    #history = null;
    boxes = new Boxes();
    index = -1;
    id = null;
    onShow = () => {};
    onClose = () => {};

    constructor(state, store, changes, labelling) {
        this.#state = state;
        this.#store = store;
        this.#changes = changes;
        this.#labelling = labelling;
        this.boxes.onChange = (id, kind, box) => changes.box(id, kind, box, `${kind} box`);
        this.boxes.onMode = () => this.#fill();
        store.addEventListener("change", (event) => { if (event.detail === this.id) this.#fill(); });
        changes.addEventListener("saved", () => this.#historyLater());
        find("viewer-previous").addEventListener("click", () => this.step(-1));
        find("viewer-next").addEventListener("click", () => this.step(1));
        find("viewer-close").addEventListener("click", () => this.close());
        this.#dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.escape();
        });
        this.#dialog.addEventListener("close", () => this.#closed());
        find("picture").addEventListener("error", () => { if (this.isOpen) announce("The photo cannot be shown."); });
        new ResizeObserver(() => this.#size()).observe(find("stage"));
    }

    get isOpen() { return this.#dialog.open; }
    get photo() { return this.id === null ? null : this.#store.shown(this.id); }
    get list() { return this.#list; }

    async open(list, index) {
        let photo;
        try {
            photo = await list.photo(index);
        } catch (error) {
            announce(`The photo cannot be read. ${error.message}`);
            return;
        }
        if (!photo) return;
        this.boxes.flush();
        this.#list = list;
        this.index = index;
        const isOther = this.id !== photo.id;
        this.id = photo.id;
        if (isOther) this.#history = null;
        if (!this.isOpen) this.#dialog.showModal();
        const picture = find("picture");
        picture.alt = `Photo ${photo.name}`;
        if (isOther) picture.src = imageAddress(photo.id, 1280);
        this.#fill();
        this.#size();
        this.onShow(photo, index);
        this.#prefetch(list, index);
    }

    async step(direction) {
        if (!this.#list) return;
        const index = this.index + direction;
        if (index < 0 || index >= this.#list.total) announce(direction < 0 ? "This is the first photo." : "This is the last photo.");
        else await this.open(this.#list, index);
    }

    /// Leaves the box first, then the photo.
    escape() {
        if (this.boxes.mode !== null) this.boxes.setMode(null);
        else this.close();
    }

    close() { if (this.isOpen) this.#dialog.close(); }

    #closed() {
        this.boxes.setMode(null);
        this.boxes.flush();
        this.id = null;
        find("picture").removeAttribute("src");
        this.onClose();
    }

    /// The next photos, so that they appear at once.
    async #prefetch(list, index) {
        const images = [];
        for (const next of [index + 1, index + 2, index - 1]) {
            const photo = await list.photo(next).catch(() => null);
            if (this.index !== index) return;
            if (!photo) continue;
            const image = new Image();
            image.src = imageAddress(photo.id, 1280);
            images.push(image);
        }
        this.#prefetched = images.slice(0, PREFETCH);
    }

    #size() {
        const photo = this.photo;
        if (!photo) return;
        const stage = find("stage");
        const free = { width: stage.clientWidth - 16, height: stage.clientHeight - 16 };
        const scale = Math.min(free.width / photo.width, free.height / photo.height);
        find("frame").style.width = `${Math.max(1, Math.floor(photo.width * scale))}px`;
        find("frame").style.height = `${Math.max(1, Math.floor(photo.height * scale))}px`;
    }

    #fill() {
        const photo = this.photo;
        if (!photo) return;
        this.boxes.show(photo);
        find("viewer-name").replaceChildren(isolated(photo.name));
        const place = `${(this.index + 1).toLocaleString("en")} of ${this.#list.total.toLocaleString("en")}`;
        find("viewer-position").textContent = this.#list.title ? `${place}, ${this.#list.title}` : place;
        // A button that is used keeps the focus.
        const focused = document.activeElement?.dataset?.focus;
        const isHistoryOpen = find("side").querySelector(".history")?.open ?? false;
        find("side").replaceChildren(...this.#panel(photo, isHistoryOpen).filter(Boolean));
        if (focused) find("side").querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    }

    #panel(photo, isHistoryOpen) {
        const ids = [photo.id];
        const worn = placements(photo);
        const chip = (name, text, keys, isOn, press) =>
            button([keys ? key(keys) : "", text], press, { class: "chip", "aria-pressed": String(isOn), data: { focus: name } });
        const box = (kind, value, keys) =>
            button([key(keys), `${kind} box`], () => this.boxes.setMode(this.boxes.mode === kind ? null : kind),
                { class: `chip ${kind}`, "aria-pressed": String(this.boxes.mode === kind), data: { focus: `box-${kind}` }, title: boxText(value) });
        return [
            this.#changes.conflicts.has(photo.id) ? make("p", { class: "mark failed" }, "conflict: choose a value") : null,
            make("p", { class: "big-label" }, isolated(labelText(photo))),
            photo.suggested ? make("p", {}, make("span", { class: "mark suggested" }, "suggested"), " ", button([key("y"), "Accept"], () => this.#labelling.accept(ids), { class: "chip", data: { focus: "accept" } })) : null,
            photo.reason ? make("p", { class: "reason" }, make("strong", {}, "Reason: "), isolated(photo.reason)) : null,
            make("section", {}, make("h3", {}, "Person"),
                make("div", { class: "chips" },
                    button([key("v"), hasLabel(photo) ? isolated(photo.volunteer) : "choose"], () => this.#labelling.chooseVolunteer(ids), { class: "chip", data: { focus: "volunteer" } }),
                    button([key("w"), "Who is this?"], () => this.who(), { class: "chip", data: { focus: "who" } }))),
            make("section", {}, make("h3", {}, "Trigger"),
                make("div", { class: "chips" },
                    chip("bare", "bare", "0", photo.trigger === BARE, () => this.#labelling.setTrigger(ids, BARE)),
                    ...this.#state.triggers.map((name, index) => chip(`trigger-${name}`, name, index < 9 ? String(index + 1) : "",
                        worn.some((placement) => placement.trigger === name), () => this.#labelling.setTrigger(ids, name))))),
            worn.length > 0 ? make("section", {}, make("h3", {}, "Location"),
                ...worn.map((placement) => make("div", { class: "chips" },
                    worn.length > 1 ? make("span", { class: "of" }, `${placement.trigger}:`) : null,
                    ...this.#state.locations.map((location) => chip(`location-${placement.trigger}-${location}`, location, locationKey(location),
                        placement.location === location, () => this.#labelling.setLocation(ids, location, placement.trigger)))))) : null,
            make("section", {}, make("h3", {}, "Boxes"),
                make("div", { class: "chips" }, box("trigger", photo.box, "b"), box("face", photo.face, "g"),
                    this.boxes.mode ? button("Remove the box", () => this.#removeBox(), { class: "chip", data: { focus: "remove-box" } }) : null)),
            photo.findings.length > 0 ? make("section", {}, make("h3", {}, "Findings"), make("p", {}, photo.findings.join(", "))) : null,
            make("section", { class: "facts" }, make("h3", {}, "Photo"),
                make("dl", {},
                    make("dt", {}, "session"), make("dd", {}, isolated(photo.session)),
                    make("dt", {}, "file"), make("dd", {}, isolated(photo.name)),
                    make("dt", {}, "id"), make("dd", {}, make("code", {}, photo.id.slice(0, 12))),
                    make("dt", {}, "size"), make("dd", {}, `${photo.width} × ${photo.height} pixels`),
                    ...(photo.face_source ? [make("dt", {}, "face box from"), make("dd", {}, photo.face_source)] : []),
                    ...(photo.source ? [make("dt", {}, "label from"), make("dd", {}, photo.source)] : []),
                    ...(photo.note ? [make("dt", {}, "note"), make("dd", {}, isolated(photo.note))] : []))),
            this.#historySection(photo.id, isHistoryOpen),
        ];
    }

    #removeBox() {
        const kind = this.boxes.mode;
        if (kind) this.#changes.box(this.id, kind, null, `${kind} box removed`);
    }

    #historySection(id, isOpen) {
        const body = make("div", {}, ...(this.#history ?? [make("p", {}, "…")]));
        const section = make("details", { class: "history", open: isOpen }, make("summary", { data: { focus: "history" } }, "History of the label"), body);
        section.addEventListener("toggle", () => { if (section.open && this.#history === null) this.#readHistory(id, body); });
        return section;
    }

    #historyLater() {
        this.#history = null;
        const section = find("side").querySelector(".history");
        if (this.id && section?.open) this.#readHistory(this.id, section.lastElementChild);
    }

    async #readHistory(id, body) {
        let items;
        try {
            const { history } = await api.photo(id);
            items = history.length === 0 ? [make("p", {}, "no label yet")] : [make("ol", {}, ...history.map((label) => make("li", {},
                isolated(labelText(label)), make("span", { class: "detail" }, ` ${[label.source, label.author && `by ${label.author}`, label.made, label.counts && "counts"].filter(Boolean).join(", ")}`))))];
        } catch (error) {
            items = [make("p", {}, `The history cannot be read: ${error.message}`)];
        }
        if (this.id !== id) return;
        this.#history = items;
        body.replaceChildren(...items);
    }

    /// Shows the nearest faces of other photos, and takes a name from them.
    async who() {
        const id = this.id;
        if (id === null) return;
        let result;
        try {
            result = await api.people(id);
        } catch (error) {
            announce(`${error.message} ${error.next}`.trim());
            return;
        }
        if (this.id !== id) return;
        const people = result.people ?? [];
        const name = await ask("Who is this?", (finish) => [
            result.installed ? null : make("p", {}, "The network that compares faces is not installed. Install it with: make face-weights"),
            result.installed && people.length === 0 ? make("p", {}, "There is no other photo with a face to compare with.") : null,
            people.length > 0 ? make("p", {}, "The nearest faces. A smaller distance is a greater similarity. It is no proof.") : null,
            make("div", { class: "people" }, ...people.map((person, index) => button(
                [make("img", { src: imageAddress(person.photo, 160), alt: "" }), isolated(person.volunteer), make("span", { class: "detail" }, `distance ${Number(person.distance).toFixed(2)}`)],
                () => finish(person.volunteer), { autofocus: index === 0 }))),
            make("div", { class: "buttons" }, button("Cancel", () => finish(null))),
        ].filter(Boolean));
        if (name) await this.#labelling.setVolunteer([id], name);
    }
}
