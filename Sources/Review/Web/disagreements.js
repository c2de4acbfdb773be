import { api } from "./api.js";
import { button, count, find, imageAddress, isolated, make } from "./elements.js";
import { labelText, matches } from "./labels.js";

/// The photos to which annotators gave different labels. A person chooses the label that counts.
export class DisagreementsPanel {
    #dialog = find("disagreements");
    #body = find("disagreements-body");
    #store;
    #labelling;
    #items = [];
    onPhotos = () => {};

    constructor(store, labelling) {
        this.#store = store;
        this.#labelling = labelling;
        find("open-disagreements").addEventListener("click", () => this.open());
        store.addEventListener("change", () => { if (this.#dialog.open) this.#draw(); });
    }

    async open() {
        this.#body.replaceChildren(make("p", { role: "status" }, "…"));
        if (!this.#dialog.open) this.#dialog.showModal();
        try {
            const asOf = performance.now();
            this.#items = (await api.disagreements()).photos;
            this.#store.update(this.#items.map((item) => item.photo), asOf);
            this.#draw();
        } catch (error) {
            this.#body.replaceChildren(make("p", {}, `The disagreements cannot be read: ${error.message} ${error.next ?? ""}`));
        }
    }

    #draw() {
        const ids = this.#items.map((item) => item.photo.id);
        this.#body.replaceChildren(
            make("p", { role: "status" }, ids.length === 0 ? "The annotators agree on all photos that several of them have labelled." : `${count(ids.length, "photo")} with different labels. Choose the label that counts.`),
            make("ul", { class: "disagreements" }, ...this.#items.map(({ photo, labels }, index) => this.#item(this.#store.shown(photo.id) ?? photo, labels, ids, index))));
    }

    #item(photo, labels, ids, index) {
        return make("li", {},
            button([make("img", { src: imageAddress(photo.id, 160), alt: `Photo ${photo.name}`, loading: "lazy" })], () => {
                this.#dialog.close();
                this.onPhotos(ids, "disagreements", index);
            }),
            make("div", {},
                make("p", {}, isolated(`${photo.session} / ${photo.name}`)),
                ...labels.map((label) => make("p", { class: "choice" },
                    button(`Use ${labelText(label)}`, () => this.#labelling.use(photo.id, label), { "aria-pressed": String(matches(photo, label)) }),
                    make("span", { class: "detail" }, label.author ? ` by ${label.author}` : " no author")))));
    }
}
