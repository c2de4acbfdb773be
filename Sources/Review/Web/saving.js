import { announce, button, count, find } from "./elements.js";

/// Shows whether all changes are saved, and what a person can do when they are not.
export function showSaving(changes, openConflicts) {
    let shownText = "";
    const show = () => {
        const { unsaved, trouble, conflicts } = changes;
        let state = "saved";
        let text = "saved";
        if (trouble !== null) {
            state = "failed";
            text = `not saved: ${count(unsaved, "change")}`;
        } else if (changes.isSaving) {
            state = "saving";
            text = "saving";
        } else if (conflicts.size > 0) {
            state = "failed";
            text = `not saved: ${count(conflicts.size, "conflict")}`;
        }
        if (text !== shownText) {
            shownText = text;
            for (const id of ["saving", "viewer-saving"]) {
                find(id).dataset.state = state;
                find(id).textContent = text;
            }
        }
        find("undo").disabled = !changes.canUndo;
        find("redo").disabled = !changes.canRedo;
        find("undo").title = changes.canUndo ? `Undo: ${changes.nextUndo}` : "";
        showTrouble(changes, openConflicts);
    };
    changes.addEventListener("state", show);
    changes.addEventListener("refused", (event) => {
        const { photos, error } = event.detail;
        announce(`Not accepted for ${count(photos.length, "photo")}: ${error.message} ${error.next}`.trim());
    });
    addEventListener("beforeunload", (event) => {
        // After a new start of the server, the changes are kept, and a person must open the new address in this tab.
        if (changes.unsaved > 0 && !(changes.trouble === "signed-out" && changes.isStored)) event.preventDefault();
    });
    addEventListener("online", () => changes.retry());
    show();
}

const REASONS = {
    // With the same port, the page keeps its address, and the browser gives the kept changes to it.
    unreachable: `The server does not respond. Perhaps it was stopped. Start it again with: curare review --port ${location.port}`,
    busy: "The server cannot save now.",
    "signed-out": "The server was started again. Open the new address that curare review printed, in this browser tab.",
};

let shownTrouble = "";

function showTrouble(changes, openConflicts) {
    const box = find("trouble");
    const { trouble, troubleText, unsaved, conflicts, isStored } = changes;
    const key = JSON.stringify([trouble, troubleText, trouble ? unsaved : 0, conflicts.size, isStored]);
    if (key === shownTrouble) return;
    shownTrouble = key;
    const parts = [];
    if (trouble !== null) {
        parts.push(trouble === "busy" && troubleText ? `${REASONS.busy} ${troubleText}` : REASONS[trouble]);
        if (unsaved > 0) {
            parts.push(isStored
                ? ` ${count(unsaved, "change")} ${unsaved === 1 ? "is" : "are"} kept in this tab and sent later. Do not close the tab.`
                : ` ${count(unsaved, "change")} cannot be kept when you leave this page. Do not close or reload the page.`);
        }
        parts.push(" ", button("Try again now", () => changes.retry()));
    } else if (conflicts.size > 0) {
        parts.push(`${count(conflicts.size, "photo")} ${conflicts.size === 1 ? "was" : "were"} also changed in another window. `);
        parts.push(button("Choose the values", openConflicts));
    }
    box.replaceChildren(...parts);
    box.hidden = parts.length === 0;
}

/// Shows that reading failed. Saving has its own message.
export function showReadingFailure(error) {
    const box = find("trouble");
    shownTrouble = "reading";
    box.replaceChildren(
        REASONS[error.kind] && error.kind !== "busy" ? REASONS[error.kind] : error.message, " ", error.next ?? "", " ",
        button("Load the page again", () => location.reload()));
    box.hidden = false;
}

/// What an undo or redo has changed, for the message line.
export function movedText(verb, result) {
    const kept = result.kept > 0 ? ` ${count(result.kept, "photo")} stay${result.kept === 1 ? "s" : ""}: a first label cannot be removed, and a value that was changed elsewhere is kept.` : "";
    return `${verb}: ${result.title}.${kept}`;
}

