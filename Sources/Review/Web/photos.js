import { api } from "./api.js";

/// The last known state of each photo in the catalog. The page shows this state with the changes that are not saved yet.
export class PhotoStore extends EventTarget {
    #photos = new Map();
    #asOf = new Map();
    /// Returns a photo with its unsaved changes; set by the queue of changes.
    overlay = (photo) => photo;

    /// The photo as the catalog has it.
    confirmed(id) { return this.#photos.get(id) ?? null; }

    /// The photo as the page shows it.
    shown(id) {
        const photo = this.#photos.get(id);
        return photo ? this.overlay(photo) : null;
    }

    /// - Parameter asOf: when the photos were requested. A response that is older than the known state is ignored.
    update(photos, asOf = performance.now()) {
        for (const photo of photos) {
            if (asOf < (this.#asOf.get(photo.id) ?? 0)) continue;
            this.#asOf.set(photo.id, asOf);
            const known = this.#photos.get(photo.id);
            this.#photos.set(photo.id, photo);
            if (!known || JSON.stringify(known) !== JSON.stringify(photo)) this.changed(photo.id);
        }
    }

    changed(id) { this.dispatchEvent(new CustomEvent("change", { detail: id })); }

    forget(ids) {
        for (const id of ids) {
            this.#photos.delete(id);
            this.#asOf.delete(id);
        }
    }
}

const PAGE = 200;
/// A list up to this length is read completely, so that scrolling never waits for names and labels.
const COMPLETE = 20000;
/// Pages that are kept of a longer list.
const KEPT = 200;

/// The photos of a query, read page by page.
export class PhotoList extends EventTarget {
    #store;
    #pages = new Map();
    #loading = new Map();
    #index = new Map();
    #generation = 0;
    /// Photos that stay in the store although their page is dropped.
    isKept = () => false;
    query = new URLSearchParams();
    total = 0;

    constructor(store) {
        super();
        this.#store = store;
    }

    /// Shows another query. Resolves when the page with the photo `first` is there.
    async open(query, first = 0) {
        const generation = ++this.#generation;
        const page = Math.floor(first / PAGE);
        const asOf = performance.now();
        const result = await api.photos(query, page * PAGE, PAGE);
        if (generation !== this.#generation) return;
        this.query = new URLSearchParams(query);
        this.#pages.clear();
        this.#loading.clear();
        this.#index.clear();
        this.total = result.total;
        this.#keep(page, result.photos, asOf);
        this.dispatchEvent(new Event("reset"));
        this.#readAll(generation);
    }

    idAt(index) { return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null; }

    at(index) {
        const id = this.idAt(index);
        return id ? this.#store.shown(id) : null;
    }

    indexOf(id) { return this.#index.get(id) ?? -1; }

    /// Reads the pages of a range that are missing.
    async need(from, to) {
        const pages = [];
        for (let page = Math.floor(Math.max(0, from) / PAGE); page <= Math.floor(Math.min(to, this.total - 1) / PAGE); page++) {
            if (!this.#pages.has(page)) pages.push(this.#read(page));
        }
        await Promise.all(pages);
    }

    async photo(index) {
        if (index < 0 || index >= this.total) return null;
        await this.need(index, index);
        return this.at(index);
    }

    /// Reads the photos of some pages again, for changes by other people.
    async refresh(from, to) {
        const generation = this.#generation;
        for (let page = Math.floor(Math.max(0, from) / PAGE); page <= Math.floor(Math.max(0, to) / PAGE); page++) {
            const asOf = performance.now();
            const result = await api.photos(this.query, page * PAGE, PAGE);
            if (generation !== this.#generation) return;
            this.#store.update(result.photos, asOf);
        }
    }

    #read(page) {
        const known = this.#loading.get(page);
        if (known) return known;
        const generation = this.#generation;
        const asOf = performance.now();
        const reading = (async () => {
            try {
                const result = await api.photos(this.query, page * PAGE, PAGE);
                if (generation !== this.#generation) return;
                if (result.total !== this.total) {
                    // Labels have changed since the first page was read, so that the pages do not fit together.
                    await this.open(this.query, page * PAGE < result.total ? page * PAGE : 0);
                    return;
                }
                this.#keep(page, result.photos, asOf);
                this.dispatchEvent(new CustomEvent("loaded", { detail: { from: page * PAGE, to: page * PAGE + result.photos.length } }));
            } finally {
                if (generation === this.#generation) this.#loading.delete(page);
            }
        })();
        this.#loading.set(page, reading);
        return reading;
    }

    #keep(page, photos, asOf) {
        this.#pages.set(page, photos.map((photo) => photo.id));
        photos.forEach((photo, offset) => this.#index.set(photo.id, page * PAGE + offset));
        this.#store.update(photos, asOf);
        if (this.#pages.size <= KEPT) return;
        const farthest = [...this.#pages.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page))[0];
        const ids = this.#pages.get(farthest);
        this.#pages.delete(farthest);
        for (const id of ids) this.#index.delete(id);
        this.#store.forget(ids.filter((id) => !this.isKept(id)));
    }

    async #readAll(generation) {
        if (this.total > COMPLETE) return;
        for (let page = 0; page * PAGE < this.total; page++) {
            if (generation !== this.#generation) return;
            if (this.#pages.has(page)) continue;
            try {
                await this.#read(page);
            } catch {
                // The page is read again when a person scrolls to it.
                return;
            }
        }
    }
}

/// Photos in a given order, such as those of a finding. Has the same functions as a list.
export class FixedList {
    constructor(store, ids, title) {
        this.store = store;
        this.ids = ids;
        this.title = title;
    }

    get total() { return this.ids.length; }

    idAt(index) { return this.ids[index] ?? null; }

    indexOf(id) { return this.ids.indexOf(id); }

    async photo(index) {
        const id = this.ids[index];
        if (!id) return null;
        if (!this.store.confirmed(id)) {
            const asOf = performance.now();
            this.store.update([(await api.photo(id)).photo], asOf);
        }
        return this.store.shown(id);
    }

    async need() {}
}
