// Elements of the page. Text of the study is set as text only, never as HTML.

export const find = (id) => document.getElementById(id);

/// Makes an element. `properties`: `class`, `data` (an object), `on` (an object of listeners); all others are attributes.
/// An attribute of `false` or null is left out. Children are elements or texts; null is left out.
export function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (value === null || value === undefined || value === false) continue;
        if (name === "class") element.className = value;
        else if (name === "data") Object.assign(element.dataset, value);
        else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
        else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

export const button = (text, press, properties = {}) =>
    make("button", { type: "button", ...properties, on: { click: press } }, ...(Array.isArray(text) ? text : [text]));

export const key = (text) => make("kbd", {}, text);

/// `1 photo`, `2 photos`, `10,000 photos`.
export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

export const imageAddress = (id, size) => `/image/${encodeURIComponent(id)}?size=${size}`;

export const shortId = (id) => id.slice(0, 10);

/// The names that a person sees can contain characters that change the direction of the text around them.
export const isolated = (text) => make("bdi", {}, text);

/// Shows a message for some seconds, in the open dialog if there is one. Screen readers read the message.
export function announce(text) {
    const inViewer = find("viewer").open;
    for (const id of ["message", "viewer-message"]) {
        const line = find(id);
        const here = (id === "viewer-message") === inViewer;
        line.textContent = here ? text : "";
        line.hidden = !here;
        clearTimeout(line.timer);
        if (here) line.timer = setTimeout(() => { line.hidden = true; }, 6000);
    }
}

/// Calls `action` once, `delay` milliseconds after the last call.
export function debounced(delay, action) {
    let timer = 0;
    const later = (...values) => {
        clearTimeout(timer);
        timer = setTimeout(() => action(...values), delay);
    };
    later.cancel = () => clearTimeout(timer);
    return later;
}
