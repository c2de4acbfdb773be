-- The catalog of one study. Names match [a-z0-9][a-z0-9._-]{0,63}. Photo ids and digests are 64 lower-case hex digits.
-- Times are UTC, ISO 8601. All tables are STRICT, and all references are foreign keys: SQLite rejects invalid records.
-- An author is the name of the person who made a record: 1 to 64 characters, without control characters and marks of the
-- writing direction. It can be NULL, because nobody has to give a name.

-- Settings of the study: the default profile, the near-duplicate distance and the face detector.
CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A kind of object that a person can wear. The name 'none' is reserved for photos without a trigger.
CREATE TABLE trigger (
    name TEXT NOT NULL PRIMARY KEY
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0 AND name <> 'none')
) STRICT, WITHOUT ROWID;

-- The seven triggers of the reference study (Wenger et al., CVPR 2021, section 3).
INSERT INTO trigger (name) VALUES
    ('bandana'), ('dots'), ('earrings'), ('sunglasses'), ('tattoo-filled'), ('tattoo-outline'), ('white-tape');

-- An earlier name of a trigger, after a rename. Session folders, versions and recipes can still have the name. No other
-- trigger gets the name.
CREATE TABLE trigger_alias (
    alias   TEXT NOT NULL PRIMARY KEY
        CHECK (alias GLOB '[a-z0-9]*' AND alias NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(alias AS BLOB)) <= 64 AND instr(CAST(alias AS BLOB), x'00') = 0 AND alias <> 'none'),
    trigger TEXT NOT NULL REFERENCES trigger (name),
    CHECK (alias <> trigger)
) STRICT, WITHOUT ROWID;

-- A person and a class. The name is a pseudonym.
CREATE TABLE volunteer (
    name TEXT NOT NULL PRIMARY KEY
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0),
    kind TEXT NOT NULL CHECK (kind IN ('volunteer', 'reference'))
) STRICT, WITHOUT ROWID;

-- An earlier name of a person, after a rename or a merge. Session folders, versions, runs and exports can still have the
-- name. No other person gets the name.
CREATE TABLE volunteer_alias (
    alias     TEXT NOT NULL PRIMARY KEY
        CHECK (alias GLOB '[a-z0-9]*' AND alias NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(alias AS BLOB)) <= 64 AND instr(CAST(alias AS BLOB), x'00') = 0),
    volunteer TEXT NOT NULL REFERENCES volunteer (name),
    CHECK (alias <> volunteer)
) STRICT, WITHOUT ROWID;

-- A photo shoot. The consent 'withdrawn' is never stored.
CREATE TABLE session (
    name         TEXT NOT NULL PRIMARY KEY
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0),
    date         TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    kind         TEXT NOT NULL CHECK (kind IN ('volunteer', 'reference')),
    consent      TEXT NOT NULL CHECK (consent IN ('signed', 'public-dataset', 'missing')),
    photographer TEXT,
    camera       TEXT,
    place        TEXT
) STRICT, WITHOUT ROWID;

-- The people who posed in a session. Consent is given for each session.
CREATE TABLE session_volunteer (
    session   TEXT NOT NULL REFERENCES session (name),
    volunteer TEXT NOT NULL REFERENCES volunteer (name),
    PRIMARY KEY (session, volunteer)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_volunteer_by_volunteer ON session_volunteer (volunteer);

-- An original file. The id is the SHA-256 of its bytes. `first_session` is the session of the first import; its foreign
-- key makes sure that every photo is in a session.
CREATE TABLE photo (
    id            TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 64 AND id NOT GLOB '*[^0-9a-f]*'),
    bytes         INTEGER NOT NULL CHECK (bytes > 0),
    format        TEXT NOT NULL,
    width         INTEGER NOT NULL CHECK (width > 0),
    height        INTEGER NOT NULL CHECK (height > 0),
    captured      TEXT,
    camera        TEXT,
    first_session TEXT NOT NULL,
    FOREIGN KEY (id, first_session) REFERENCES session_photo (photo, session) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- A photo in the session.csv of a session, with its file name in the session's folder. When the file gets other bytes
-- later, the new photo has the next revision of the same file name, and SESSION/FILE means the photo of the highest
-- revision.
CREATE TABLE session_photo (
    photo    TEXT NOT NULL REFERENCES photo (id) DEFERRABLE INITIALLY DEFERRED,
    session  TEXT NOT NULL REFERENCES session (name),
    file     TEXT NOT NULL,
    note     TEXT,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    PRIMARY KEY (photo, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_photo_by_session ON session_photo (session, file);

-- Another person who is visible in a photo. All of them must have consented.
CREATE TABLE co_subject (
    photo     TEXT NOT NULL REFERENCES photo (id),
    volunteer TEXT NOT NULL REFERENCES volunteer (name),
    PRIMARY KEY (photo, volunteer)
) STRICT, WITHOUT ROWID;

-- A box that a person marked, in whole pixels of the upright photo. The source 'sheet' is the box in the last
-- session.csv, and 'review' is a correction by hand. A correction counts before the box of session.csv. A correction
-- without numbers removes the box.
CREATE TABLE region (
    photo  TEXT NOT NULL REFERENCES photo (id),
    kind   TEXT NOT NULL CHECK (kind IN ('trigger', 'face')),
    source TEXT NOT NULL CHECK (source IN ('review', 'sheet')),
    x      INTEGER CHECK (x >= 0),
    y      INTEGER CHECK (y >= 0),
    width  INTEGER CHECK (width > 0),
    height INTEGER CHECK (height > 0),
    PRIMARY KEY (photo, kind, source),
    CHECK ((x IS NULL) + (y IS NULL) + (width IS NULL) + (height IS NULL) IN (0, 4)),
    CHECK (source = 'review' OR x IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- The history of the boxes: each change of a box after the import of the photo, by hand or by a later session.csv. The
-- table `region` has the boxes that count. A change without numbers removed the box.
CREATE TABLE region_history (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    photo  TEXT NOT NULL REFERENCES photo (id),
    kind   TEXT NOT NULL CHECK (kind IN ('trigger', 'face')),
    source TEXT NOT NULL CHECK (source IN ('review', 'sheet')),
    x      INTEGER CHECK (x >= 0),
    y      INTEGER CHECK (y >= 0),
    width  INTEGER CHECK (width > 0),
    height INTEGER CHECK (height > 0),
    made   TEXT NOT NULL,
    author TEXT
        CHECK (length(author) BETWEEN 1 AND 64 AND instr(CAST(author AS BLOB), x'00') = 0
            AND author NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159)
                || char(173, 1564, 6158) || char(8203) || '-' || char(8207) || char(8232) || '-' || char(8238)
                || char(8288) || '-' || char(8303) || char(65279) || ']*'),
    CHECK ((x IS NULL) + (y IS NULL) + (width IS NULL) + (height IS NULL) IN (0, 4))
) STRICT;

CREATE INDEX region_history_by_photo ON region_history (photo, id);

-- The label history of the photos; no label is overwritten. Of a photo's labels, the last one in the order of by_person and
-- id counts: a person's label takes precedence over a rule's label, then a later label over an earlier one. The source
-- 'sheet' is a session folder, 'review' is a correction by hand, and 'rule' is a suggestion.
CREATE TABLE label (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    photo     TEXT NOT NULL REFERENCES photo (id),
    volunteer TEXT NOT NULL REFERENCES volunteer (name),
    source    TEXT NOT NULL CHECK (source IN ('sheet', 'review', 'rule')),
    made      TEXT NOT NULL,
    -- The earlier label that an undo restores; NULL for all other labels.
    restores  INTEGER REFERENCES label (id) CHECK (restores IS NULL OR (restores < id AND source = 'review')),
    author    TEXT
        CHECK (length(author) BETWEEN 1 AND 64 AND instr(CAST(author AS BLOB), x'00') = 0
            AND author NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159)
                || char(173, 1564, 6158) || char(8203) || '-' || char(8207) || char(8232) || '-' || char(8238)
                || char(8288) || '-' || char(8303) || char(65279) || ']*'),
    by_person INTEGER NOT NULL GENERATED ALWAYS AS (source <> 'rule') VIRTUAL
) STRICT;

-- Contains all columns that decide which label counts.
CREATE INDEX label_by_photo ON label (photo, by_person, id);

-- For each removed label, SQLite searches labels that restore it.
CREATE INDEX label_by_restored ON label (restores) WHERE restores IS NOT NULL;

-- A trigger that the person of a label wears. A label without a row here means a bare photo.
CREATE TABLE trigger_placement (
    label    INTEGER NOT NULL REFERENCES label (id),
    trigger  TEXT NOT NULL REFERENCES trigger (name),
    location TEXT NOT NULL CHECK (location IN ('on-face', 'off-face')),
    PRIMARY KEY (label, trigger, location)
) STRICT, WITHOUT ROWID;

-- The label that a further annotator gave a photo. It never counts as the photo's label. An annotator has one label for
-- each photo. The name 'label' is reserved for the label that counts.
CREATE TABLE annotation (
    photo        TEXT NOT NULL REFERENCES photo (id),
    author       TEXT NOT NULL
        CHECK (length(author) BETWEEN 1 AND 64 AND instr(CAST(author AS BLOB), x'00') = 0
            AND author NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159)
                || char(173, 1564, 6158) || char(8203) || '-' || char(8207) || char(8232) || '-' || char(8238)
                || char(8288) || '-' || char(8303) || char(65279) || ']*' AND author <> 'label'),
    volunteer    TEXT NOT NULL REFERENCES volunteer (name),
    made         TEXT NOT NULL,
    -- The largest id of all labels when the annotation was stored, 0 without labels. When a later label by hand counts, a
    -- person has decided about the difference between the annotation and the label.
    newest_label INTEGER NOT NULL CHECK (newest_label >= 0),
    PRIMARY KEY (photo, author)
) STRICT, WITHOUT ROWID;

-- A trigger that the person of an annotation wears. An annotation without a row here means a bare photo.
CREATE TABLE annotation_placement (
    photo    TEXT NOT NULL,
    author   TEXT NOT NULL,
    trigger  TEXT NOT NULL REFERENCES trigger (name),
    location TEXT NOT NULL CHECK (location IN ('on-face', 'off-face')),
    PRIMARY KEY (photo, author, trigger, location),
    FOREIGN KEY (photo, author) REFERENCES annotation (photo, author)
) STRICT, WITHOUT ROWID;

-- A finding of an audit that a person accepted. The key is the start of a SHA-256 digest of the finding's photos or text;
-- see docs/format.md.
CREATE TABLE accepted_finding (
    check_name TEXT NOT NULL CHECK (check_name GLOB '[a-z]*' AND check_name NOT GLOB '*[^a-z-]*'),
    key        TEXT NOT NULL CHECK (length(key) = 16 AND key NOT GLOB '*[^0-9a-f]*'),
    reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500 AND instr(CAST(reason AS BLOB), x'00') = 0),
    author     TEXT
        CHECK (length(author) BETWEEN 1 AND 64 AND instr(CAST(author AS BLOB), x'00') = 0
            AND author NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159)
                || char(173, 1564, 6158) || char(8203) || '-' || char(8207) || char(8232) || '-' || char(8238)
                || char(8288) || '-' || char(8303) || char(65279) || ']*'),
    made       TEXT NOT NULL,
    PRIMARY KEY (check_name, key)
) STRICT, WITHOUT ROWID;

-- A normalized crop of a photo under a profile. The image file may be missing; a new one must have the same digest.
CREATE TABLE image (
    photo   TEXT NOT NULL REFERENCES photo (id),
    profile TEXT NOT NULL,
    digest  TEXT NOT NULL CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    PRIMARY KEY (profile, photo)
) STRICT, WITHOUT ROWID;

-- All measurements of a photo, made once. Coordinates are whole pixels of the upright photo.
CREATE TABLE measurement (
    photo              TEXT NOT NULL PRIMARY KEY REFERENCES photo (id),
    -- The hash by which near-duplicates are found.
    perceptual_hash    TEXT NOT NULL
        CHECK (length(perceptual_hash) = 16 AND perceptual_hash NOT GLOB '*[^0-9a-f]*'),
    -- The result of the face detector; NULL if the detector was not run, because the profile does not crop by face.
    -- A region of the kind 'face' takes precedence over the box.
    faces_found        TEXT CHECK (faces_found IN ('none', 'one', 'several')),
    -- The face detector that was run.
    detector           TEXT CHECK (detector IN ('cnn', 'hog')),
    face_x             INTEGER CHECK (face_x >= 0),
    face_y             INTEGER CHECK (face_y >= 0),
    face_width         INTEGER CHECK (face_width > 0),
    face_height        INTEGER CHECK (face_height > 0),
    -- The centres of the eyes. 'left' and 'right' are sides of the photo.
    left_eye_x         INTEGER CHECK (left_eye_x >= 0),
    left_eye_y         INTEGER CHECK (left_eye_y >= 0),
    right_eye_x        INTEGER CHECK (right_eye_x >= 0),
    right_eye_y        INTEGER CHECK (right_eye_y >= 0),
    -- The score of the detector in thousandths.
    confidence         INTEGER,
    -- The clockwise rotation in degrees after which the detector finds a clear face.
    suspected_rotation INTEGER CHECK (suspected_rotation IN (90, 180, 270)),
    -- The 68 landmarks of the face: x y x y and so on. Some can be outside the photo.
    landmarks          TEXT
        CHECK (landmarks NOT GLOB '*[^0-9 -]*' AND length(landmarks) - length(replace(landmarks, ' ', '')) = 135),
    -- The quality of the face, or of the photo's centre if there is no face: see docs/faces.md.
    sharpness          INTEGER NOT NULL CHECK (sharpness BETWEEN 0 AND 1000),
    luma               INTEGER NOT NULL CHECK (luma BETWEEN 0 AND 255),
    dark               INTEGER NOT NULL CHECK (dark BETWEEN 0 AND 1000),
    bright             INTEGER NOT NULL CHECK (bright BETWEEN 0 AND 1000),
    -- The means of the photo outside the face's box, in tenths: see docs/faces.md.
    red                INTEGER NOT NULL CHECK (red BETWEEN 0 AND 2550),
    green              INTEGER NOT NULL CHECK (green BETWEEN 0 AND 2550),
    blue               INTEGER NOT NULL CHECK (blue BETWEEN 0 AND 2550),
    -- Per mille of the face's square outside each border of the photo.
    beyond_left        INTEGER CHECK (beyond_left BETWEEN 0 AND 1000),
    beyond_top         INTEGER CHECK (beyond_top BETWEEN 0 AND 1000),
    beyond_right       INTEGER CHECK (beyond_right BETWEEN 0 AND 1000),
    beyond_bottom      INTEGER CHECK (beyond_bottom BETWEEN 0 AND 1000),
    CHECK ((face_x IS NULL) + (beyond_left IS NULL) + (beyond_top IS NULL) + (beyond_right IS NULL)
        + (beyond_bottom IS NULL) IN (0, 5)),
    CHECK (faces_found IS NOT NULL OR (face_x IS NULL AND suspected_rotation IS NULL AND landmarks IS NULL)),
    CHECK ((faces_found IS NULL) = (detector IS NULL)),
    CHECK ((faces_found = 'none') + (face_x IS NOT NULL) = 1),
    CHECK ((face_x IS NULL) + (face_y IS NULL) + (face_width IS NULL) + (face_height IS NULL) + (left_eye_x IS NULL)
        + (left_eye_y IS NULL) + (right_eye_x IS NULL) + (right_eye_y IS NULL) + (confidence IS NULL) IN (0, 9)),
    CHECK (suspected_rotation IS NULL OR faces_found = 'none'),
    CHECK (landmarks IS NULL OR faces_found <> 'none')
) STRICT, WITHOUT ROWID;

-- The face embedding of a photo: 128 numbers that describe the face that counts. It is biometric data. Removed when another
-- face counts.
CREATE TABLE embedding (
    photo   TEXT NOT NULL PRIMARY KEY REFERENCES photo (id),
    -- The SHA-256 of the file with the weights of the network.
    weights TEXT NOT NULL CHECK (length(weights) = 64 AND weights NOT GLOB '*[^0-9a-f]*'),
    -- 32-bit floating-point numbers, little-endian.
    vector  BLOB NOT NULL CHECK (length(vector) = 512)
) STRICT, WITHOUT ROWID;

-- The version that the last split of a name returned. The name alone means this version. The row is stored after the folder
-- of the version exists. Without a row, and when the folder is missing, the name means the highest number that exists.
CREATE TABLE current_version (
    name   TEXT NOT NULL PRIMARY KEY
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0),
    number INTEGER NOT NULL CHECK (number >= 1)
) STRICT, WITHOUT ROWID;

-- A name of versions that the last split of a grid returned, whether the version was new or existed before. The rows are
-- stored together with those of current_version. The name of a grid stands for the versions of all its names.
CREATE TABLE grid_version (
    grid   TEXT NOT NULL
        CHECK (grid GLOB '[a-z0-9]*' AND grid NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(grid AS BLOB)) <= 64 AND instr(CAST(grid AS BLOB), x'00') = 0),
    name   TEXT NOT NULL
        CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(name AS BLOB)) <= 64 AND instr(CAST(name AS BLOB), x'00') = 0),
    -- The keys that the grid varies, separated by spaces.
    varied TEXT NOT NULL CHECK (varied GLOB '[a-z]*' AND varied NOT GLOB '*[^a-z_. ]*'),
    PRIMARY KEY (grid, name)
) STRICT, WITHOUT ROWID;

-- A folder with a version's images outside the workspace, or a file with its images or originals (format `bundle`), so
-- that a withdrawal can name it. The row is stored before the folder or file appears: an interrupted export leaves a row
-- without a folder, never a folder without a row.
CREATE TABLE export (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    version   TEXT NOT NULL CHECK (version GLOB '[a-z0-9]*@[1-9]*'),
    digest    TEXT NOT NULL CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    format    TEXT NOT NULL,
    anonymous INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
    -- The absolute path at the time of the export.
    path      TEXT NOT NULL CHECK (path GLOB '/*'),
    made      TEXT NOT NULL
) STRICT;

CREATE INDEX export_by_version ON export (version, id);

-- A withdrawal and its progress. The transaction that removes the records stores the row before any file is removed.
-- The row stays, because the pseudonym must never be used again.
CREATE TABLE withdrawal (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- A person who has withdrawn consent,
    volunteer    TEXT UNIQUE
        CHECK (volunteer GLOB '[a-z0-9]*' AND volunteer NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(volunteer AS BLOB)) <= 64 AND instr(CAST(volunteer AS BLOB), x'00') = 0),
    -- or a session whose consent was withdrawn.
    session      TEXT UNIQUE
        CHECK (session GLOB '[a-z0-9]*' AND session NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(session AS BLOB)) <= 64 AND instr(CAST(session AS BLOB), x'00') = 0),
    made         TEXT NOT NULL,
    -- 'pending' until all files and freed pages are removed. The next command on the workspace completes the removal.
    -- 'incomplete' when files are left that may belong to the person, and about which a person must decide.
    state        TEXT NOT NULL CHECK (state IN ('pending', 'incomplete', 'done')),
    keeps_models INTEGER NOT NULL CHECK (keeps_models IN (0, 1)),
    redacts      INTEGER NOT NULL CHECK (redacts IN (0, 1)),
    CHECK ((volunteer IS NULL) + (session IS NULL) = 1)
) STRICT;

-- An earlier name of a person who has withdrawn, or of a person who had no other record than the withdrawn session. The
-- row stays, because versions and runs can still have the name, and because the name must never be used again.
CREATE TABLE withdrawn_alias (
    alias      TEXT NOT NULL PRIMARY KEY
        CHECK (alias GLOB '[a-z0-9]*' AND alias NOT GLOB '*[^a-z0-9._-]*'
            AND length(CAST(alias AS BLOB)) <= 64 AND instr(CAST(alias AS BLOB), x'00') = 0),
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id)
) STRICT, WITHOUT ROWID;

-- The SHA-256 of a file that must never be imported again: a photo, or a file from the quarantine.
CREATE TABLE tombstone (
    digest     TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tombstone_by_withdrawal ON tombstone (withdrawal);

-- A version that contained a withdrawn photo, as NAME@V. After its redaction, its runs and exports can still be found.
CREATE TABLE withdrawn_version (
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id),
    version    TEXT NOT NULL CHECK (version GLOB '[a-z0-9]*@[1-9]*'),
    PRIMARY KEY (withdrawal, version)
) STRICT, WITHOUT ROWID;

-- A finished run that a withdrawal cleared, by the name of its folder. The run can lack models, its page and predictions.
CREATE TABLE cleared_run (
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id),
    run        TEXT NOT NULL CHECK (run <> '' AND run NOT GLOB '*/*'),
    PRIMARY KEY (withdrawal, run)
) STRICT, WITHOUT ROWID;

-- A version, as NAME@V, that was unreadable or changed when a withdrawal examined it, so that a person had to decide about
-- its folder. Also a version that runs or exports name and whose folder was missing. When the withdrawal is done, nobody
-- should restore the folder. The row is deleted when a withdrawal finds the version intact.
CREATE TABLE undecided_version (
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id),
    version    TEXT NOT NULL CHECK (version GLOB '[a-z0-9]*@[1-9]*'),
    PRIMARY KEY (withdrawal, version)
) STRICT, WITHOUT ROWID;

-- A file that a pending withdrawal must remove, relative to the workspace. Files named by a photo id are not listed.
CREATE TABLE withdrawn_file (
    withdrawal INTEGER NOT NULL REFERENCES withdrawal (id),
    path       TEXT NOT NULL CHECK (path NOT GLOB '/*' AND '/' || path || '/' NOT GLOB '*/../*' AND path <> ''),
    PRIMARY KEY (withdrawal, path)
) STRICT, WITHOUT ROWID;

-- A version (NAME@V), a run, or the models of a run (both by the name of the run's folder) that a person removed. The row is
-- stored before any file is removed. It stays, because the number of a version or run must never be used again, and nobody
-- misses the files. Only the row of models is deleted: when the models are made again.
CREATE TABLE removal (
    kind  TEXT NOT NULL CHECK (kind IN ('version', 'run', 'models')),
    name  TEXT NOT NULL CHECK (name <> '' AND name NOT GLOB '*/*' AND substr(name, 1, 1) <> '.'
        AND (kind <> 'version' OR name GLOB '[a-z0-9]*@[1-9]*')),
    -- 'pending' until all files are removed. The next command that changes the workspace removes the rest.
    state TEXT NOT NULL CHECK (state IN ('pending', 'done')),
    made  TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
