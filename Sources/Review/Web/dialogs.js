import { button, isolated, key, make } from "./elements.js";

/// Opens a dialog that is removed when it is closed. Resolves with the value that `finish` gets, or null.
export function ask(title, build, className = "question") {
    return new Promise((resolve) => {
        let value = null;
        const heading = make("h2", { id: `title-${++number}` }, title);
        const dialog = make("dialog", { class: className, "aria-labelledby": heading.id });
        const finish = (result) => {
            value = result;
            dialog.close();
        };
        dialog.append(heading, ...build(finish));
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(value);
        });
        document.body.append(dialog);
        dialog.showModal();
    });
}

let number = 0;

/// Asks yes or no.
export const confirmed = (title, text, yes) =>
    ask(title, (finish) => [
        make("p", {}, text),
        make("div", { class: "buttons" }, button(yes, () => finish(true), { class: "primary", autofocus: true }), button("Cancel", () => finish(null))),
    ]);

/// The key of each location.
export const locationKey = (location) => (location === "on-face" ? "o" : "f");

/// Asks where a trigger is worn. The keys of the locations work here too.
export const askForLocation = (trigger, locations) =>
    ask("Where is the trigger?", (finish) => {
        const buttons = make("div", { class: "buttons" },
            ...locations.map((location, index) => button([key(locationKey(location)), location], () => finish(location), { class: "chip", autofocus: index === 0 })),
            button("Cancel", () => finish(null)));
        const text = make("p", {}, "Is ", isolated(trigger), " on the face or elsewhere? The page uses your choice for the next photos too.");
        queueMicrotask(() => buttons.closest("dialog").addEventListener("keydown", (event) => {
            const location = locations.find((name) => locationKey(name) === event.key);
            if (!location || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            finish(location);
        }));
        return [text, buttons];
    });

/// Asks for a text that must not be empty.
export const askForText = (title, text, label, yes) =>
    ask(title, (finish) => {
        const field = make("textarea", { id: `field-${number}`, rows: 3, maxlength: 500, required: true, autofocus: true });
        const problem = make("p", { class: "problem", role: "alert" });
        const form = make("form", { method: "dialog", novalidate: true },
            make("label", { for: field.id }, label), field, problem,
            make("div", { class: "buttons" }, make("button", { type: "submit", class: "primary" }, yes), button("Cancel", () => finish(null))));
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            const value = field.value.trim();
            if (value) finish(value);
            else {
                problem.textContent = "Write a reason first.";
                field.focus();
            }
        });
        return [make("p", {}, text), form];
    });

/// Asks for one of several options, with type-ahead. Options: `{value, text, detail}`.
export const chooseFrom = (title, text, options, seed = "") =>
    ask(title, (finish) => {
        let shown = [];
        let current = 0;
        const listId = `options-${number}`;
        const field = make("input", {
            type: "text", id: `choice-${number}`, role: "combobox", "aria-expanded": "true", "aria-controls": listId, "aria-autocomplete": "list",
            autocomplete: "off", autocapitalize: "off", spellcheck: "false", autofocus: true, value: seed,
        });
        const list = make("div", { id: listId, class: "options", role: "listbox", "aria-label": title });
        const none = make("p", { class: "note", role: "status" });
        const mark = () => {
            [...list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === current)));
            const option = list.children[current];
            if (option) {
                field.setAttribute("aria-activedescendant", option.id);
                option.scrollIntoView({ block: "nearest" });
            } else field.removeAttribute("aria-activedescendant");
        };
        const filter = () => {
            const words = field.value.trim().toLowerCase();
            const rank = (option) => (option.text.toLowerCase().startsWith(words) ? 0 : option.text.toLowerCase().includes(words) ? 1 : 2);
            shown = options.filter((option) => rank(option) < 2).sort((a, b) => rank(a) - rank(b));
            current = 0;
            none.textContent = shown.length === 0 ? "No name has these letters." : "";
            list.replaceChildren(...shown.map((option, index) => make("div",
                { role: "option", id: `${listId}-${index}`, class: "option", on: { click: () => finish(option.value) } },
                isolated(option.text), option.detail ? make("span", { class: "detail" }, option.detail) : null)));
            list.hidden = shown.length === 0;
            mark();
        };
        field.addEventListener("input", filter);
        field.addEventListener("keydown", (event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                if (shown.length > 0) current = (current + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length;
                mark();
            } else if (event.key === "Enter" && !event.isComposing) {
                event.preventDefault();
                if (shown[current]) finish(shown[current].value);
            }
        });
        filter();
        return [
            make("label", { for: field.id }, text), field, list, none,
            make("div", { class: "buttons" }, button("Cancel", () => finish(null))),
        ];
    });
