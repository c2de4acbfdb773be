import { find, make } from "./elements.js";
import { sameBox } from "./labels.js";

const TITLES = { trigger: "trigger", face: "face" };
const EDGES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
/// The distance in pixels of the screen at which a finger or mouse takes an edge.
const REACH = { mouse: 9, pen: 14, touch: 22 };

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/// A box that has at least one pixel and is inside the photo.
export function fitted([x, y, width, height], photo) {
    const w = clamp(Math.round(width), 1, photo.width);
    const h = clamp(Math.round(height), 1, photo.height);
    return [clamp(Math.round(x), 0, photo.width - w), clamp(Math.round(y), 0, photo.height - h), w, h];
}

/// The box between two corners, in any order.
export function between(a, b, photo) {
    const [left, right] = [clamp(Math.min(a[0], b[0]), 0, photo.width), clamp(Math.max(a[0], b[0]), 0, photo.width)];
    const [top, bottom] = [clamp(Math.min(a[1], b[1]), 0, photo.height), clamp(Math.max(a[1], b[1]), 0, photo.height)];
    return fitted([left, top, right - left, bottom - top], photo);
}

/// A box whose edges in `edge` (such as `nw`) are moved by (dx, dy).
export function resized([x, y, width, height], edge, dx, dy, photo) {
    let [left, top, right, bottom] = [x, y, x + width, y + height];
    if (edge.includes("w")) left += dx;
    if (edge.includes("e")) right += dx;
    if (edge.includes("n")) top += dy;
    if (edge.includes("s")) bottom += dy;
    return between([left, top], [right, bottom], photo);
}

/// Boxes over the picture of a photo. One of the two boxes can be changed at a time (`mode`).
export class Boxes {
    #frame = find("frame");
    #photo = null;
    #boxes = { trigger: null, face: null };
    #drag = null;
    #timer = 0;
    /// null, `trigger` or `face`.
    mode = null;
    /// Called with (kind, box) when a box has its new place.
    onChange = () => {};
    onMode = () => {};

    constructor() {
        for (const kind of Object.keys(TITLES)) {
            const box = make("div", { class: `box ${kind}`, hidden: true, data: { kind } },
                make("span", { class: "box-name" }, TITLES[kind]), ...EDGES.map((edge) => make("span", { class: `handle ${edge}` })));
            this.#frame.append(box);
        }
        this.#frame.addEventListener("pointerdown", (event) => this.#press(event));
        this.#frame.addEventListener("pointermove", (event) => this.#move(event));
        this.#frame.addEventListener("pointerup", (event) => this.#release(event));
        this.#frame.addEventListener("pointercancel", () => this.#cancel());
    }

    show(photo) {
        const isOther = this.#photo?.id !== photo.id;
        if (isOther) this.flush();
        this.#photo = photo;
        if (this.#drag || (this.#timer && !isOther)) return;
        this.#boxes = { trigger: photo.box, face: photo.face };
        this.#draw();
    }

    setMode(mode) {
        if (mode === this.mode) return;
        this.flush();
        this.#cancel();
        this.mode = mode;
        this.#frame.classList.toggle("editing", mode !== null);
        for (const box of this.#frame.querySelectorAll(".box")) box.classList.toggle("active", box.dataset.kind === mode);
        const help = find("box-help");
        help.hidden = mode === null;
        help.textContent = mode === null ? "" : `Box of the ${TITLES[mode]}: drag to draw. Drag inside to move, or a corner to change the size. Keys: arrows, Delete, Esc.`;
        this.onMode(mode);
    }

    #draw() {
        for (const box of this.#frame.querySelectorAll(".box")) {
            const value = this.#boxes[box.dataset.kind];
            box.hidden = value === null;
            if (value === null) continue;
            const [x, y, width, height] = value;
            const percent = (number, whole) => `${(100 * number) / whole}%`;
            box.style.left = percent(x, this.#photo.width);
            box.style.top = percent(y, this.#photo.height);
            box.style.width = percent(width, this.#photo.width);
            box.style.height = percent(height, this.#photo.height);
        }
    }

    /// Pixels of the photo for a place on the screen.
    #point(event) {
        const frame = this.#frame.getBoundingClientRect();
        return [((event.clientX - frame.left) / frame.width) * this.#photo.width, ((event.clientY - frame.top) / frame.height) * this.#photo.height];
    }

    /// The edges of the active box near a place, `inside`, or null.
    #part(event) {
        const value = this.#boxes[this.mode];
        if (value === null) return null;
        const frame = this.#frame.getBoundingClientRect();
        const scale = frame.width / this.#photo.width;
        const [px, py] = [event.clientX - frame.left, event.clientY - frame.top];
        const [left, top, right, bottom] = [value[0] * scale, value[1] * scale, (value[0] + value[2]) * scale, (value[1] + value[3]) * scale];
        const reach = REACH[event.pointerType] ?? REACH.mouse;
        if (px < left - reach || px > right + reach || py < top - reach || py > bottom + reach) return null;
        // In a small box, the middle third still moves the box.
        const inner = (size) => Math.min(reach, size / 3);
        const [ix, iy] = [inner(right - left), inner(bottom - top)];
        const vertical = py < top + iy ? "n" : py > bottom - iy ? "s" : "";
        const horizontal = px < left + ix ? "w" : px > right - ix ? "e" : "";
        return vertical + horizontal || "inside";
    }

    #press(event) {
        if (event.button !== 0 || !this.#photo) return;
        if (this.mode === null) {
            const box = event.target.closest(".box-name")?.parentElement;
            if (box) this.setMode(box.dataset.kind);
            return;
        }
        event.preventDefault();
        this.#commitLater.cancel();
        this.#frame.setPointerCapture(event.pointerId);
        const part = this.#part(event);
        this.#drag = { pointer: event.pointerId, part, from: this.#point(event), before: this.#boxes[this.mode], moved: false };
    }

    #move(event) {
        if (this.mode === null || !this.#photo) return;
        if (!this.#drag) {
            this.#frame.dataset.part = this.#part(event) ?? "none";
            return;
        }
        if (event.pointerId !== this.#drag.pointer) return;
        const { part, from, before } = this.#drag;
        const to = this.#point(event);
        const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        const scale = this.#frame.getBoundingClientRect().width / this.#photo.width;
        if (!this.#drag.moved && Math.hypot(dx, dy) * scale < 3) return;
        this.#drag.moved = true;
        if (part === null) this.#boxes[this.mode] = between(from, to, this.#photo);
        else if (part === "inside") this.#boxes[this.mode] = fitted([before[0] + dx, before[1] + dy, before[2], before[3]], this.#photo);
        else this.#boxes[this.mode] = resized(before, part, dx, dy, this.#photo);
        this.#draw();
    }

    #release(event) {
        if (!this.#drag || event.pointerId !== this.#drag.pointer) return;
        const { moved } = this.#drag;
        this.#drag = null;
        if (moved) this.#commit();
    }

    #cancel() {
        if (!this.#drag) return;
        this.#boxes[this.mode] = this.#drag.before;
        this.#drag = null;
        this.#draw();
    }

    /// Keys while a box is changed. Returns whether the key was used.
    press(event) {
        const value = this.#boxes[this.mode];
        const step = event.shiftKey ? 10 : 1;
        const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (direction && value) {
            const [dx, dy] = direction.map((number) => number * step);
            this.#boxes[this.mode] = event.ctrlKey || event.metaKey
                ? fitted([value[0], value[1], Math.min(value[2] + dx, this.#photo.width - value[0]), Math.min(value[3] + dy, this.#photo.height - value[1])], this.#photo)
                : fitted([value[0] + dx, value[1] + dy, value[2], value[3]], this.#photo);
            this.#draw();
            this.#timer = 1;
            this.#commitLater.start();
            return true;
        }
        if (direction) return true;
        if ((event.key === "Delete" || event.key === "Backspace") && value) {
            this.#boxes[this.mode] = null;
            this.#draw();
            this.#commit();
            return true;
        }
        if (event.key === "Enter" && value === null) {
            const { width, height } = this.#photo;
            this.#boxes[this.mode] = fitted([width * 0.375, height * 0.375, width / 4, height / 4], this.#photo);
            this.#draw();
            this.#commit();
            return true;
        }
        return false;
    }

    /// Several keys in a row are one change.
    #commitLater = {
        start: () => {
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => this.flush(), 500);
        },
        cancel: () => {
            if (!this.#timer) return;
            this.flush();
        },
    };

    /// Hands over a change that is not complete yet.
    flush() {
        if (!this.#timer) return;
        clearTimeout(this.#timer);
        this.#timer = 0;
        this.#commit();
    }

    #commit() {
        const box = this.#boxes[this.mode];
        const before = this.mode === "face" ? this.#photo.face : this.#photo.box;
        if (!sameBox(box, before)) this.onChange(this.#photo.id, this.mode, box);
    }
}
