-- Catalog, version 4: exports that were made.

-- A folder that left the study with a version's images, so that a withdrawal can name it. Recorded before the folder is put in place: better
-- one that is named and was cut off than one that nobody remembers.
CREATE TABLE export (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    version   TEXT NOT NULL CHECK (version GLOB '[a-z0-9]*@[1-9]*'),
    digest    TEXT NOT NULL CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
    format    TEXT NOT NULL,
    anonymous INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
    -- The whole path at that time.
    path      TEXT NOT NULL CHECK (path GLOB '/*'),
    made      TEXT NOT NULL
) STRICT;

CREATE INDEX export_by_version ON export (version, id);
