import { debounced, find, make } from "./elements.js";
import { BARE } from "./labels.js";

const NAMES = ["session", "volunteer", "trigger", "location", "finding", "text", "unsure"];

/// The parameters of the address that are filters.
export function queryOf(address) {
    const query = new URLSearchParams();
    const given = new URL(address).searchParams;
    for (const name of NAMES) if (given.get(name)) query.set(name, given.get(name));
    return query;
}

/// The form above the photos. Every change is a new address, so that the back button and bookmarks work.
export class Filters {
    #form;
    #fields = new Map();
    onChange = () => {};

    constructor(state) {
        const select = (name, label, options) => this.#field(name, label,
            make("select", {}, make("option", { value: "" }, "all"), ...options.map(([value, text]) => make("option", { value }, text))));
        this.#form = make("form", { role: "search", "aria-label": "Filters" },
            this.#field("text", "Search", make("input", { type: "search", placeholder: "file, note, person", autocomplete: "off", spellcheck: "false" })),
            select("session", "Session", state.sessions.map((name) => [name, name])),
            select("volunteer", "Person", state.volunteers.map(({ name }) => [name, name])),
            select("trigger", "Trigger", [[BARE, "bare"], ...state.triggers.map((name) => [name, name])]),
            select("location", "Location", state.locations.map((name) => [name, name])),
            select("finding", "Finding", []),
            this.#field("unsure", "Least sure first", make("input", { type: "checkbox", value: "1" }), "check-field"),
            make("button", { type: "reset" }, "Show all"));
        const typed = debounced(250, () => this.#changed(true));
        this.#form.addEventListener("submit", (event) => {
            event.preventDefault();
            typed.cancel();
            this.#changed(false);
        });
        this.#form.addEventListener("input", (event) => {
            if (event.target.type === "search") typed();
            else this.#changed(false);
        });
        this.#form.addEventListener("reset", (event) => {
            event.preventDefault();
            this.clear();
        });
        const summary = make("summary", {}, "Filters");
        const details = make("details", { class: "filter-box", open: matchMedia("(min-width: 700px)").matches }, summary, this.#form);
        find("filters").replaceChildren(details);
    }

    #field(name, label, control, kind = "") {
        control.name = name;
        control.id = `filter-${name}`;
        this.#fields.set(name, control);
        return make("div", { class: `field ${kind}` }, make("label", { for: control.id }, label), control);
    }

    get query() {
        const query = new URLSearchParams();
        for (const [name, control] of this.#fields) {
            const value = control.type === "checkbox" ? (control.checked ? "1" : "") : control.value.trim();
            if (value) query.set(name, value);
        }
        return query;
    }

    /// Shows the values of a query. A value that is not among the options is added.
    set query(query) {
        for (const [name, control] of this.#fields) {
            const value = query.get(name) ?? "";
            if (control.type === "checkbox") control.checked = value === "1";
            else {
                if (control.tagName === "SELECT" && ![...control.options].some((option) => option.value === value)) {
                    control.append(make("option", { value }, value));
                }
                control.value = value;
            }
        }
        this.#summarize();
    }

    setFindings(checks) {
        const control = this.#fields.get("finding");
        const value = control.value;
        control.replaceChildren(make("option", { value: "" }, "all"), ...checks.map((check) => make("option", { value: check }, check)));
        if (value && !checks.includes(value)) control.append(make("option", { value }, value));
        control.value = value;
    }

    show(query) {
        this.query = query;
        this.#changed(false);
    }

    clear() { this.show(new URLSearchParams()); }

    focusSearch() {
        find("filters").firstElementChild.open = true;
        this.#fields.get("text").focus();
    }

    #changed(isTyping) {
        this.#summarize();
        this.onChange(this.query, isTyping);
    }

    #summarize() {
        const number = [...this.query].length;
        find("filters").querySelector("summary").textContent = number > 0 ? `Filters (${number})` : "Filters";
    }
}
