-- Catalog, version 5: people and sessions that have withdrawn.

-- Who has withdrawn, and how far the removal has come. The row is written in the transaction that takes the records away, before any file is
-- removed, and stays: the pseudonym is never used again.
CREATE TABLE withdrawal (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Either a person,
    volunteer    TEXT UNIQUE
        CHECK (volunteer GLOB '[a-z0-9]*' AND volunteer NOT GLOB '*[^a-z0-9._-]*' AND length(CAST(volunteer AS BLOB)) <= 64 AND instr(CAST(volunteer AS BLOB), x'00') = 0),
    -- or a session whose consent was withdrawn.
    session      TEXT UNIQUE
        CHECK (session GLOB '[a-z0-9]*' AND session NOT GLOB '*[^a-z0-9._-]*' AND length(CAST(session AS BLOB)) <= 64 AND instr(CAST(session AS BLOB), x'00') = 0),
    made         TEXT NOT NULL,
    -- 'pending' until files and freed pages are gone too: whoever opens the workspace finishes it.
    state        TEXT NOT NULL CHECK (state IN ('pending', 'done')),
    keeps_models INTEGER NOT NULL CHECK (keeps_models IN (0, 1)),
    redacts      INTEGER NOT NULL CHECK (redacts IN (0, 1)),
    CHECK ((volunteer IS NULL) + (session IS NULL) = 1)
) STRICT;

-- The SHA-256 of a file that must never come in again, be it as a photo or as what could not be imported.
CREATE TABLE tombstone (
    photo      TEXT NOT NULL PRIMARY KEY CHECK (length(photo) = 64 AND photo NOT GLOB '*[^0-9a-f]*'),
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tombstone_by_withdrawal ON tombstone (withdrawal);

-- Versions that held such a photo, as NAME@V: what was trained on them, and where they were exported to, can still be said when they are redacted.
CREATE TABLE withdrawn_version (
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id),
    version    TEXT NOT NULL CHECK (version GLOB '[a-z0-9]*@[1-9]*'),
    PRIMARY KEY (withdrawal, version)
) STRICT, WITHOUT ROWID;

-- Files below the workspace that a pending withdrawal still removes, beside those that bear a photo's id.
CREATE TABLE withdrawn_file (
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id),
    path       TEXT NOT NULL CHECK (path NOT GLOB '/*' AND path NOT GLOB '*..*' AND path <> ''),
    PRIMARY KEY (withdrawal, path)
) STRICT, WITHOUT ROWID;
