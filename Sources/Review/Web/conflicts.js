import { api } from "./api.js";
import { button, count, imageAddress, isolated, make } from "./elements.js";
import { boxText, labelText, withLabel } from "./labels.js";
import { ask } from "./dialogs.js";

/// Shows photos that were changed here and elsewhere at the same time. The person chooses the values of each photo. Nothing is
/// changed until then.
export class ConflictDialog {
    #changes;
    #isOpen = false;

    constructor(changes) {
        this.#changes = changes;
        changes.addEventListener("conflict", () => this.open());
    }

    async open() {
        if (this.#isOpen) return;
        this.#isOpen = true;
        while (this.#changes.conflicts.size > 0) {
            const [[id, conflict]] = this.#changes.conflicts;
            const choice = await ask("Two different changes of one photo", (finish) => this.#content(conflict, finish), "question conflict");
            if (choice === null) break;
            if (choice.all) for (const other of [...this.#changes.conflicts.keys()]) this.#changes.decide(other, choice.mine);
            else this.#changes.decide(id, choice.mine);
        }
        this.#isOpen = false;
    }

    #content({ photo, set, boxes }, finish) {
        const others = this.#changes.conflicts.size;
        const author = make("span", {}, "in the catalog");
        this.#author(photo.id, author);
        const rows = [];
        if (set) rows.push(["label", labelText(withLabel(photo, set)), labelText(photo)]);
        if ("trigger" in boxes) rows.push(["trigger box", boxText(boxes.trigger), boxText(photo.box)]);
        if ("face" in boxes) rows.push(["face box", boxText(boxes.face), boxText(photo.face)]);
        const all = others > 1 ? make("input", { type: "checkbox", id: "conflict-all" }) : null;
        const choose = (mine) => () => finish({ mine, all: all?.checked ?? false });
        return [
            make("p", {}, "You changed this photo, and it was also changed in another window or by another person. Choose the value to keep. Both values are in the history of the photo afterwards, if you choose yours."),
            make("img", { src: imageAddress(photo.id, 320), alt: `Photo ${photo.name}` }),
            make("p", { class: "file" }, isolated(`${photo.session} / ${photo.name}`)),
            make("table", {},
                make("thead", {}, make("tr", {}, make("td", {}), make("th", { scope: "col" }, "yours, not saved"), make("th", { scope: "col" }, author))),
                make("tbody", {}, ...rows.map(([name, mine, present]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, isolated(mine)), make("td", {}, isolated(present)))))),
            all && make("p", {}, all, " ", make("label", { for: all.id }, `Do the same for all ${count(others, "photo")}`)),
            make("div", { class: "buttons" },
                button("Keep the catalog's value", choose(false), { autofocus: true, id: "keep-theirs" }),
                button("Save my value", choose(true), { class: "primary", id: "keep-mine" }),
                button("Decide later", () => finish(null))),
        ].filter(Boolean);
    }

    async #author(id, target) {
        try {
            const latest = (await api.photo(id)).history.find((label) => label.counts);
            if (latest?.author) target.textContent = `in the catalog, by ${latest.author}`;
        } catch {
            // The column keeps its general title.
        }
    }
}
