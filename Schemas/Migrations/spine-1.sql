-- Catalog, version 1. Names match [a-z0-9][a-z0-9._-]{0,63}; photo ids and digests are 64 lower-case hex digits;
-- times are UTC, ISO 8601. Every table is STRICT, every reference a foreign key: what code might forget, the file holds.

-- What a study has decided for itself: the default profile, the distance of near-duplicates.
CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A kind of object that a person can wear. 'none' is the state of wearing nothing, not an object.
CREATE TABLE trigger (
    name TEXT NOT NULL PRIMARY KEY
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*' AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0 AND name <> 'none')
) STRICT, WITHOUT ROWID;

-- The seven objects of the reference study (Wenger et al., CVPR 2021, section 3).
INSERT INTO trigger (name) VALUES ('bandana'), ('dots'), ('earrings'), ('sunglasses'), ('tattoo-filled'), ('tattoo-outline'), ('white-tape');

-- A person, and a class. The name is a pseudonym.
CREATE TABLE volunteer (
    name TEXT NOT NULL PRIMARY KEY
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*' AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0),
    kind TEXT NOT NULL CHECK (kind IN ('volunteer', 'reference'))
) STRICT, WITHOUT ROWID;

-- One shoot. Consent 'withdrawn' is never stored.
CREATE TABLE session (
    name         TEXT NOT NULL PRIMARY KEY
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*' AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0),
    date         TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    kind         TEXT NOT NULL CHECK (kind IN ('volunteer', 'reference')),
    consent      TEXT NOT NULL CHECK (consent IN ('signed', 'public-dataset', 'missing')),
    photographer TEXT,
    camera       TEXT,
    place        TEXT
) STRICT, WITHOUT ROWID;

-- Who posed in a session: consent is given session by session.
CREATE TABLE sitter (
    session   TEXT NOT NULL REFERENCES session (name),
    volunteer TEXT NOT NULL REFERENCES volunteer (name),
    PRIMARY KEY (session, volunteer)
) STRICT, WITHOUT ROWID;

CREATE INDEX sitter_by_volunteer ON sitter (volunteer);

-- An original file, by the SHA-256 of its bytes. `home` names one session that it is in, so that a photo of no session
-- cannot be stored. `pixels` is the digest of the whole upright picture.
CREATE TABLE photo (
    id       TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 64 AND id NOT GLOB '*[^0-9a-f]*'),
    bytes    INTEGER NOT NULL CHECK (bytes > 0),
    format   TEXT NOT NULL,
    width    INTEGER NOT NULL CHECK (width > 0),
    height   INTEGER NOT NULL CHECK (height > 0),
    captured TEXT,
    camera   TEXT,
    pixels   TEXT NOT NULL CHECK (length(pixels) = 64 AND pixels NOT GLOB '*[^0-9a-f]*'),
    home     TEXT NOT NULL,
    FOREIGN KEY (id, home) REFERENCES appearance (photo, session) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- A photo in a session's sheet, under the name that its file had there.
CREATE TABLE appearance (
    photo   TEXT NOT NULL REFERENCES photo (id) DEFERRABLE INITIALLY DEFERRED,
    session TEXT NOT NULL REFERENCES session (name),
    file    TEXT NOT NULL,
    note    TEXT,
    PRIMARY KEY (photo, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX appearance_by_session ON appearance (session, file);

-- Other people visible in a photo: all of them must have consented.
CREATE TABLE companion (
    photo     TEXT NOT NULL REFERENCES photo (id),
    volunteer TEXT NOT NULL REFERENCES volunteer (name),
    PRIMARY KEY (photo, volunteer)
) STRICT, WITHOUT ROWID;

-- Places in the upright photo that a person marked, in whole pixels.
CREATE TABLE region (
    photo  TEXT NOT NULL REFERENCES photo (id),
    what   TEXT NOT NULL CHECK (what IN ('trigger', 'face')),
    x      INTEGER NOT NULL CHECK (x >= 0),
    y      INTEGER NOT NULL CHECK (y >= 0),
    width  INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    PRIMARY KEY (photo, what)
) STRICT, WITHOUT ROWID;

-- Who is in a photo, as a history: nothing is overwritten. A person's word (sheet, review) beats a rule's, then the highest id counts.
CREATE TABLE label (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    photo     TEXT NOT NULL REFERENCES photo (id),
    volunteer TEXT NOT NULL REFERENCES volunteer (name),
    source    TEXT NOT NULL CHECK (source IN ('sheet', 'review', 'rule')),
    made      TEXT NOT NULL
) STRICT;

CREATE INDEX label_by_photo ON label (photo, source, id);

-- What the person of a label wears. A label without a row here says: bare.
CREATE TABLE worn (
    label    INTEGER NOT NULL REFERENCES label (id),
    trigger  TEXT NOT NULL REFERENCES trigger (name),
    location TEXT NOT NULL CHECK (location IN ('on-face', 'off-face')),
    PRIMARY KEY (label, trigger, location)
) STRICT, WITHOUT ROWID;

-- A photo normalized under a profile. The file is derived and may be missing; the digest is what it must be again.
CREATE TABLE image (
    photo   TEXT NOT NULL REFERENCES photo (id),
    profile TEXT NOT NULL,
    digest  TEXT NOT NULL CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    PRIMARY KEY (profile, photo)
) STRICT, WITHOUT ROWID;
