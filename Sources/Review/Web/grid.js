import { find, imageAddress, isolated, make } from "./elements.js";
import { labelText } from "./labels.js";

const SMALLEST = 164;
const SMALLEST_PHONE = 112;
const GAP = 8;
const CAPTION = 68;
/// Browsers limit the height of an element. Above this height, one pixel of the scroll bar stands for several pixels.
const HIGHEST = 15_000_000;
/// Images that stay in memory, because the server forbids the browser to store photos.
const IMAGES = 900;

/// A grid of all photos of a list. Only the rows near the visible part of the page exist as elements. Rows before and after
/// them are prepared, so that scrolling shows no empty rows.
export class Grid {
    #element = find("grid");
    #list;
    #changes;
    #tiles = new Map();
    #images = new Map();
    #columns = 1;
    #tile = SMALLEST;
    #lastTop = 0;
    #lastTime = 0;
    #settle = 0;
    #retry = 0;
    #isPlanned = false;
    current = 0;
    anchor = 0;
    selected = new Set();
    onOpen = () => {};
    onMove = () => {};

    constructor(list, store, changes) {
        this.#list = list;
        this.#changes = changes;
        list.isKept = (id) => this.selected.has(id) || changes.isUnsaved(id);
        list.addEventListener("reset", () => this.#reset());
        list.addEventListener("loaded", () => this.#refill());
        store.addEventListener("change", (event) => this.#refresh(event.detail));
        addEventListener("scroll", () => this.#plan(), { passive: true });
        new ResizeObserver(() => this.layout()).observe(find("photos"));
        this.#element.addEventListener("click", (event) => this.#click(event));
    }

    /// Uses the images of the list that the server has written into the page.
    adopt(list) {
        for (const link of list.querySelectorAll("a.photo[data-id]")) {
            const image = link.querySelector("img");
            if (!image?.complete || image.naturalWidth === 0) continue;
            image.removeAttribute("loading");
            image.alt = "";
            this.#images.set(link.dataset.id, image);
        }
    }

    get #rowHeight() { return this.#tile + CAPTION + GAP; }
    get #rows() { return Math.ceil(this.#list.total / this.#columns); }
    get #height() { return Math.max(0, this.#rows * this.#rowHeight - GAP); }
    get columns() { return this.#columns; }
    get rowsOnScreen() { return Math.max(1, Math.floor(innerHeight / this.#rowHeight) - 1); }

    layout() {
        const width = this.#element.clientWidth || find("photos").clientWidth;
        if (width === 0) return;
        const smallest = width < 600 ? SMALLEST_PHONE : SMALLEST;
        this.#columns = Math.max(1, Math.floor((width + GAP) / (smallest + GAP)));
        this.#tile = Math.floor((width - (this.#columns - 1) * GAP) / this.#columns);
        this.#element.style.height = `${Math.min(this.#height, HIGHEST)}px`;
        for (const tile of this.#tiles.values()) tile.remove();
        this.#tiles.clear();
        this.#draw();
    }

    #reset() {
        this.current = Math.min(this.current, Math.max(0, this.#list.total - 1));
        this.anchor = this.current;
        this.#element.hidden = this.#list.total === 0;
        find("empty").hidden = this.#list.total > 0;
        this.layout();
        this.onMove();
    }

    // Scrolling

    get #top() { return this.#element.getBoundingClientRect().top; }

    /// The position of the visible part in the whole grid, and the difference to the position in the element.
    #view() {
        const scrolled = -this.#top;
        if (this.#height <= HIGHEST) return { top: scrolled, shift: 0 };
        const share = Math.min(1, Math.max(0, scrolled / (HIGHEST - innerHeight)));
        const top = share * (this.#height - innerHeight);
        return { top, shift: scrolled - top };
    }

    #plan() {
        if (this.#isPlanned) return;
        this.#isPlanned = true;
        requestAnimationFrame(() => {
            this.#isPlanned = false;
            this.#draw();
        });
    }

    #draw() {
        if (this.#element.hidden || this.#list.total === 0) return;
        const { top, shift } = this.#view();
        const now = performance.now();
        const speed = Math.abs(top - this.#lastTop) / Math.max(8, now - this.#lastTime);
        const isDown = top >= this.#lastTop;
        this.#lastTop = top;
        this.#lastTime = now;
        const isFast = speed > innerHeight / 150;
        const row = (y) => Math.floor(y / this.#rowHeight);
        const visible = [Math.max(0, row(top)), Math.min(this.#rows - 1, row(top + innerHeight))];
        const ahead = isFast ? innerHeight / 2 : innerHeight * 1.5;
        const first = Math.max(0, row(top - (isDown ? innerHeight / 2 : ahead)));
        const last = Math.min(this.#rows - 1, row(top + innerHeight + (isDown ? ahead : innerHeight / 2)));
        const from = first * this.#columns;
        const to = Math.min(this.#list.total, (last + 1) * this.#columns) - 1;
        for (const [index, tile] of this.#tiles) {
            if (index < from || index > to) this.#drop(index, tile);
        }
        // Tiles without a photo are empty until the server responds again.
        this.#list.need(from, to).catch(() => {
            clearTimeout(this.#retry);
            this.#retry = setTimeout(() => this.#draw(), 2000);
        });
        const added = [];
        for (let index = from; index <= to; index++) {
            const rowOfTile = Math.floor(index / this.#columns);
            const isVisible = rowOfTile >= visible[0] && rowOfTile <= visible[1];
            let tile = this.#tiles.get(index);
            if (!tile) {
                tile = this.#make(index);
                this.#tiles.set(index, tile);
                added.push(tile);
            }
            const x = (index % this.#columns) * (this.#tile + GAP);
            tile.style.transform = `translate(${x}px, ${rowOfTile * this.#rowHeight + shift}px)`;
            if (isVisible || !isFast) this.#showImage(index, tile, isVisible);
        }
        this.#element.append(...added);
        clearTimeout(this.#settle);
        if (isFast) this.#settle = setTimeout(() => this.#draw(), 80);
        this.#markActive();
    }

    #drop(index, tile) {
        const image = tile.querySelector("img");
        // A request of a row that is no longer near is stopped, so that the visible rows come first.
        if (image && !image.complete) {
            image.removeAttribute("src");
            this.#images.delete(tile.dataset.id);
        }
        tile.remove();
        this.#tiles.delete(index);
    }

    #showImage(index, tile, isVisible) {
        const id = this.#list.idAt(index);
        if (!id || tile.dataset.image === id) return;
        let image = this.#images.get(id);
        if (image) this.#images.delete(id);
        else {
            image = make("img", { alt: "", decoding: "async", fetchpriority: isVisible ? "high" : "low", draggable: "false" });
            image.addEventListener("error", () => {
                image.classList.add("missing");
                this.#images.delete(id);
            });
            image.src = imageAddress(id, 320);
        }
        this.#images.set(id, image);
        if (this.#images.size > IMAGES) this.#images.delete(this.#images.keys().next().value);
        tile.dataset.image = id;
        tile.querySelector(".picture").replaceChildren(image);
    }

    // Tiles

    #make(index) {
        const tile = make("div", { class: "photo", role: "option", id: `photo-${index}`, "aria-setsize": this.#list.total, "aria-posinset": index + 1, data: { index } },
            make("span", { class: "check", "aria-hidden": "true" }), make("span", { class: "picture" }), make("span", { class: "name" }), make("span", { class: "label" }), make("span", { class: "marks" }));
        tile.style.width = `${this.#tile}px`;
        tile.querySelector(".picture").style.height = `${this.#tile}px`;
        this.#fill(index, tile);
        return tile;
    }

    #fill(index, tile) {
        const photo = this.#list.at(index);
        if (!photo) return;
        tile.dataset.id = photo.id;
        tile.setAttribute("aria-selected", String(this.selected.has(photo.id)));
        tile.querySelector(".name").replaceChildren(isolated(photo.name));
        tile.querySelector(".label").replaceChildren(isolated(labelText(photo)));
        tile.title = `${photo.session} / ${photo.name}`;
        const marks = [];
        if (this.#changes.conflicts.has(photo.id)) marks.push(["conflict", "failed"]);
        else if (this.#changes.isUnsaved(photo.id) && this.#changes.trouble) marks.push(["not saved", "failed"]);
        if (photo.suggested) marks.push(["suggested", "suggested"]);
        if (photo.findings.length > 0) marks.push([photo.findings.length === 1 ? photo.findings[0] : `${photo.findings.length} findings`, "finding"]);
        tile.querySelector(".marks").replaceChildren(...marks.map(([text, kind]) => make("span", { class: `mark ${kind}` }, text)));
    }

    #refill() {
        for (const [index, tile] of this.#tiles) if (!tile.dataset.id) this.#fill(index, tile);
        this.#draw();
    }

    #refresh(id) {
        const index = this.#list.indexOf(id);
        const tile = this.#tiles.get(index);
        if (tile) this.#fill(index, tile);
        if (index === this.current) this.onMove();
    }

    refreshAll() {
        for (const [index, tile] of this.#tiles) this.#fill(index, tile);
        this.onMove();
    }

    #markActive() {
        this.#element.querySelector(".photo.current")?.classList.remove("current");
        const tile = this.#tiles.get(this.current);
        tile?.classList.add("current");
        if (tile) this.#element.setAttribute("aria-activedescendant", tile.id);
        else this.#element.removeAttribute("aria-activedescendant");
    }

    // The current photo and the selection

    /// The selected photos or, without a selection, the current photo.
    get targets() {
        if (this.selected.size > 0) return [...this.selected];
        const id = this.#list.idAt(this.current);
        return id ? [id] : [];
    }

    async move(index, isRange = false) {
        if (this.#list.total === 0) return;
        this.current = Math.max(0, Math.min(this.#list.total - 1, index));
        if (isRange) await this.#selectRange();
        else this.anchor = this.current;
        this.#reveal();
        this.#markActive();
        this.onMove();
    }

    async #selectRange() {
        const [from, to] = [Math.min(this.anchor, this.current), Math.max(this.anchor, this.current)];
        await this.#list.need(from, to);
        this.selected = new Set();
        for (let index = from; index <= to; index++) {
            const id = this.#list.idAt(index);
            if (id) this.selected.add(id);
        }
        this.refreshAll();
    }

    #reveal() {
        const { top } = this.#view();
        const margin = find("bar").offsetHeight + GAP;
        const head = document.querySelector(".top").getBoundingClientRect().bottom + GAP;
        const y = Math.floor(this.current / this.#columns) * this.#rowHeight;
        let wanted = top;
        if (y < top + head) wanted = y - head;
        else if (y + this.#rowHeight > top + innerHeight - margin) wanted = y + this.#rowHeight - innerHeight + margin;
        if (wanted === top) return;
        const scale = this.#height <= HIGHEST ? 1 : (HIGHEST - innerHeight) / (this.#height - innerHeight);
        scrollBy({ top: (wanted - top) * scale, behavior: "instant" });
        this.#draw();
    }

    toggle(index = this.current) {
        const id = this.#list.idAt(index);
        if (!id) return;
        if (!this.selected.delete(id)) this.selected.add(id);
        this.current = index;
        this.anchor = index;
        this.#markActive();
        this.refreshAll();
    }

    clearSelection() {
        this.selected.clear();
        this.refreshAll();
    }

    async selectAll() {
        await this.#list.need(0, this.#list.total - 1);
        for (let index = 0; index < this.#list.total; index++) {
            const id = this.#list.idAt(index);
            if (id) this.selected.add(id);
        }
        this.refreshAll();
    }

    focus() { this.#element.focus({ preventScroll: true }); }

    #click(event) {
        const tile = event.target.closest(".photo");
        if (!tile) return;
        const index = Number(tile.dataset.index);
        if (event.shiftKey) this.move(index, true);
        else if (event.ctrlKey || event.metaKey || event.target.closest(".check")) this.toggle(index);
        else {
            this.move(index);
            this.onOpen(index);
        }
    }
}
