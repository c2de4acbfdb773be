import { announce, count } from "./elements.js";
import { BARE, hasLabel, labelOf, placements, triggerText, values } from "./labels.js";
import { askForLocation, chooseFrom, confirmed } from "./dialogs.js";

/// From this number of photos on, a change of a selection must be confirmed.
const MANY = 100;

/// The changes of labels that a person makes with a key or a button. What a label needs and the person has not given yet is
/// asked for: a photo without a label needs a person, and a trigger needs a location.
export class Labelling {
    #state;
    #store;
    #changes;
    /// The location that was used last for each trigger.
    #locations = new Map();

    constructor(state, store, changes) {
        this.#state = state;
        this.#store = store;
        this.#changes = changes;
    }

    get triggers() { return this.#state.triggers; }

    /// Learns the usual location of each trigger from the photos that are shown.
    observe(photos) {
        for (const photo of photos) {
            for (const { trigger, location } of placements(photo)) {
                if (location && !this.#locations.has(trigger)) this.#locations.set(trigger, location);
            }
        }
    }

    /// Replaces all triggers of the photos by one trigger, or by none.
    async setTrigger(ids, trigger) {
        await this.#change(ids, `${trigger === BARE ? "bare" : trigger}`, async (photo) => {
            if (trigger === BARE) return values([]);
            const present = placements(photo);
            const location = present.length === 1 && present[0].location ? present[0].location : await this.#location(trigger);
            return location && values([{ trigger, location }]);
        });
    }

    /// Adds a trigger to those of the photos, or removes the trigger where it is worn.
    async toggleTrigger(ids, trigger) {
        await this.#change(ids, `with or without ${trigger}`, async (photo) => {
            const present = placements(photo);
            if (present.some((placement) => placement.trigger === trigger)) {
                return values(present.filter((placement) => placement.trigger !== trigger));
            }
            const location = await this.#location(trigger);
            return location && values([...present, { trigger, location }]);
        });
    }

    /// Sets the location of all triggers of the photos, or of one trigger only.
    async setLocation(ids, location, only = null) {
        const photos = ids.map((id) => this.#store.shown(id)).filter((photo) => photo && placements(photo).length > 0);
        if (photos.length === 0) {
            announce("A location needs a trigger. Set the trigger first, with a number.");
            return;
        }
        await this.#change(photos.map((photo) => photo.id), location, async (photo) => {
            const present = placements(photo);
            for (const placement of present) {
                if (only === null || placement.trigger === only) this.#locations.set(placement.trigger, location);
            }
            return values(present.map((placement) => (only === null || placement.trigger === only ? { ...placement, location } : placement)));
        });
    }

    async chooseVolunteer(ids, seed = "") {
        if (ids.length === 0) return;
        const volunteer = await this.#volunteer(ids, seed);
        if (volunteer) await this.setVolunteer(ids, volunteer);
    }

    async setVolunteer(ids, volunteer) {
        let asked = null;
        await this.#change(ids, volunteer, async (photo) => {
            if (hasLabel(photo)) return { volunteer };
            asked ??= await this.#triggerAndLocation();
            return asked && { volunteer, ...asked };
        });
    }

    async chooseTrigger(ids) {
        if (ids.length === 0) return;
        const trigger = await this.#trigger();
        if (trigger) await this.setTrigger(ids, trigger);
    }

    /// Makes suggested labels labels by a person.
    async accept(ids) {
        const photos = ids.map((id) => this.#store.shown(id)).filter((photo) => photo?.suggested && hasLabel(photo));
        if (photos.length === 0) announce("There is no suggested label here.");
        else await this.#change(photos.map((photo) => photo.id), "suggestion accepted", async (photo) => labelOf(photo));
    }

    /// Uses one of the labels of the annotators.
    async use(id, label) {
        const set = label.trigger === BARE ? { volunteer: label.volunteer, trigger: BARE }
            : { volunteer: label.volunteer, trigger: label.trigger, location: label.location };
        await this.#change([id], `${label.volunteer}, ${triggerText(set)}`, async () => set);
    }

    /// - Parameter value: the new values of a photo; null to stop.
    async #change(ids, title, value) {
        if (ids.length === 0) return;
        if (ids.length >= MANY && !(await confirmed(`Change ${count(ids.length, "photo")}?`, `New value: ${title}.`, "Change them"))) return;
        const sets = new Map();
        let volunteer = null;
        for (const id of ids) {
            const photo = this.#store.shown(id);
            if (!photo) continue;
            const set = await value(photo);
            if (!set) return;
            if (!hasLabel(photo) && set.volunteer === undefined) {
                volunteer ??= await this.#volunteer(ids);
                if (!volunteer) return;
                set.volunteer = volunteer;
            }
            sets.set(id, set);
        }
        const changed = this.#changes.label(sets, `${title} on ${count(sets.size, "photo")}`);
        const same = sets.size - changed;
        if (changed === 0) announce(sets.size === 1 ? "The photo has this value already." : "The photos have this value already.");
        else if (sets.size === 1) {
            const [[id]] = sets;
            const photo = this.#store.shown(id);
            announce(`${photo.name}: ${photo.volunteer}, ${triggerText(photo)}`);
        } else announce(`${title} on ${count(changed, "photo")}${same > 0 ? `; ${count(same, "photo")} had this value already` : ""}. Undo: u`);
    }

    async #location(trigger) {
        const known = this.#locations.get(trigger);
        if (known) return known;
        const location = await askForLocation(trigger, this.#state.locations);
        if (location) this.#locations.set(trigger, location);
        return location;
    }

    #volunteer(ids, seed = "") {
        return chooseFrom(ids.length === 1 ? "Who is in the photo?" : `Who is in the ${count(ids.length, "photo")}?`, "Type the first letters of the name.",
            this.#state.volunteers.map(({ name, kind }) => ({ value: name, text: name, detail: kind === "reference" ? "reference person" : "" })), seed);
    }

    #trigger() {
        return chooseFrom("Which trigger does the person wear?", "Type the first letters of the name.",
            [{ value: BARE, text: "bare", detail: "no trigger" }, ...this.#state.triggers.map((name) => ({ value: name, text: name }))]);
    }

    async #triggerAndLocation() {
        const trigger = await this.#trigger();
        if (!trigger || trigger === BARE) return trigger && values([]);
        const location = await this.#location(trigger);
        return location && values([{ trigger, location }]);
    }
}
