import { api } from "./api.js";
import { announce, button, count, find, imageAddress, isolated, make } from "./elements.js";
import { askForText } from "./dialogs.js";
import { showReadingFailure } from "./saving.js";

const SIGNS = { error: "✕", warning: "▲", info: "●" };
const THUMBNAILS = 12;

/// The findings of the audit. A person can accept a finding with a reason, and open it again.
export class FindingsPanel {
    #dialog = find("findings");
    #body = find("findings-body");
    #findings = [];
    #isRunning = false;
    #timer = 0;
    onPhotos = () => {};
    onChecks = () => {};

    constructor() {
        find("open-findings").addEventListener("click", () => this.open());
        this.#dialog.addEventListener("close", () => clearTimeout(this.#timer));
    }

    async open() {
        this.#draw();
        if (!this.#dialog.open) this.#dialog.showModal();
        await this.read();
    }

    /// Reads the findings, again and again while the audit runs.
    async read() {
        clearTimeout(this.#timer);
        try {
            const { findings, running } = await api.findings();
            this.#findings = findings;
            this.#isRunning = running;
            if (running) this.#timer = setTimeout(() => this.read(), 1500);
            this.onChecks([...new Set(findings.map((finding) => finding.check))].sort());
            const open = findings.filter((finding) => !finding.accepted).length;
            find("open-findings").textContent = open > 0 ? `Findings (${open})` : "Findings";
            if (this.#dialog.open) this.#draw();
        } catch (error) {
            if (this.#dialog.open) this.#body.replaceChildren(make("p", {}, `The findings cannot be read: ${error.message} ${error.next ?? ""}`));
            else if (error.kind === "signed-out") showReadingFailure(error);
        }
    }

    #draw() {
        const findings = this.#findings;
        const status = make("p", { role: "status" },
            this.#isRunning ? "The audit runs. The findings appear here."
                : findings.length === 0 ? "The audit has no findings." : `${count(findings.length, "finding")}.`);
        this.#body.replaceChildren(status, make("ul", { class: "findings" }, ...findings.map((finding) => this.#item(finding))));
    }

    #item(finding) {
        const { severity, accepted, photos } = finding;
        const shown = photos.slice(0, THUMBNAILS);
        return make("li", { class: "finding-item" },
            make("h3", {}, make("span", { class: `severity ${severity}` }, make("span", { "aria-hidden": "true" }, SIGNS[severity] ?? "●"), ` ${severity}`), ` ${finding.title} `,
                make("span", { class: "detail" }, photos.length > 0 ? count(photos.length, "photo") : "")),
            make("p", {}, isolated(finding.detail)),
            make("p", { class: "detail" }, make("code", {}, finding.check)),
            shown.length > 0 ? make("div", { class: "thumbnails" }, ...shown.map((id, index) => button(
                [make("img", { src: imageAddress(id, 160), alt: `Photo ${index + 1} of the finding`, loading: "lazy" })], () => this.#show(finding, index)))) : null,
            accepted ? make("p", { class: "acceptance" }, make("strong", {}, "Accepted: "), isolated(accepted.reason),
                make("span", { class: "detail" }, ` ${[accepted.author && `by ${accepted.author}`, accepted.made].filter(Boolean).join(", ")}`)) : null,
            make("div", { class: "buttons" },
                photos.length > 0 ? button(`Show the ${count(photos.length, "photo")}`, () => this.#show(finding, 0)) : null,
                accepted ? button("Open the finding again", () => this.#reopen(finding)) : button("Accept with a reason", () => this.#accept(finding))));
    }

    #show(finding, index) {
        this.#dialog.close();
        this.onPhotos(finding.photos, finding.title, index);
    }

    async #accept(finding) {
        const reason = await askForText("Accept the finding", `${finding.title}. The report shows your reason. A later audit accepts the same finding too.`,
            "Why is the finding no problem?", "Accept the finding");
        if (reason) await this.#replace(() => api.accept(finding.check, finding.key, reason), "The finding is accepted.");
    }

    async #reopen(finding) {
        await this.#replace(() => api.reopen(finding.check, finding.key), "The finding is open again.");
    }

    async #replace(send, message) {
        try {
            const { finding } = await send();
            this.#findings = this.#findings.map((other) => (other.check === finding.check && other.key === finding.key ? finding : other));
            this.#draw();
            this.#body.querySelector('[role="status"]').textContent = message;
            announce(message);
        } catch (error) {
            this.#body.querySelector('[role="status"]').textContent = `Not saved: ${error.message} ${error.next ?? ""}`;
        }
    }
}
