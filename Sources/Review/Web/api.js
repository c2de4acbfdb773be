// Requests to the server.

/// A request that failed. `kind`:
/// - `unreachable`: no response; try again later
/// - `busy`: the server cannot do it now (503 and other faults of the server); try again later
/// - `signed-out`: the cookie is not valid; the server was started again
/// - `conflict`: another window or person has changed the photos (`conflicts`)
/// - `refused`: the request is wrong, and would be wrong again
export class RequestError extends Error {
    constructor(kind, message, next = "", conflicts = []) {
        super(message);
        this.kind = kind;
        this.next = next;
        this.conflicts = conflicts;
    }
}

const SECONDS = 30;

async function send(path, options) {
    let response;
    let body;
    try {
        response = await fetch(path, { ...options, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(SECONDS * 1000) });
        body = await response.json();
    } catch (error) {
        if (response?.ok) throw new RequestError("busy", "The response of the server was not complete.");
        if (!response) throw new RequestError("unreachable", "The server does not respond.");
        body = {};
    }
    if (response.ok) return body;
    const message = body.error?.message ?? `The server responded with the code ${response.status}.`;
    const next = body.error?.next ?? "";
    if (response.status === 401) throw new RequestError("signed-out", message, next);
    if (response.status === 409 && body.conflicts) throw new RequestError("conflict", message, next, body.conflicts);
    if (response.status >= 500 || response.status === 429) throw new RequestError("busy", message, next);
    throw new RequestError("refused", message, next);
}

const get = (path) => send(path, {});

const post = (path, body) =>
    send(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const api = {
    state: () => get("/api/state"),
    photos: (query, offset, limit) => {
        const parameters = new URLSearchParams(query);
        parameters.set("offset", offset);
        parameters.set("limit", limit);
        return get(`/api/photos?${parameters}`);
    },
    photo: (id) => get(`/api/photos/${encodeURIComponent(id)}`),
    people: (id) => get(`/api/photos/${encodeURIComponent(id)}/people`),
    labels: (changes) => post("/api/labels", { changes }),
    box: (id, version, kind, box) => post("/api/boxes", { id, version, kind, box }),
    findings: () => get("/api/findings"),
    accept: (check, key, reason) => post("/api/findings/accept", { check, key, reason }),
    reopen: (check, key) => post("/api/findings/reopen", { check, key }),
    disagreements: () => get("/api/disagreements"),
};
