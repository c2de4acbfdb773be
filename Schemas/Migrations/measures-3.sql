-- Catalog, version 3: what is measured of a photo, once, all of it together.

-- Photos of an earlier version have no row, and are measured again before they stand in another split. Of their faces and images nothing
-- is kept: both were made from whole decodes, and now come from reduced ones.
DROP TABLE face;
DELETE FROM image;
ALTER TABLE photo DROP COLUMN pixels;

-- Places are in whole pixels of the upright photo. A 'face' region overrules the face's box.
CREATE TABLE measure (
    photo       TEXT NOT NULL PRIMARY KEY REFERENCES photo (id),
    -- The perceptual hash by which near-duplicates are told.
    perceptual_hash    TEXT NOT NULL CHECK (length(perceptual_hash) = 16 AND perceptual_hash NOT GLOB '*[^0-9a-f]*'),
    -- What looking for a face has shown; NULL where no image is cut by faces yet and none was looked for.
    found       TEXT CHECK (found IN ('none', 'one', 'several')),
    x           INTEGER CHECK (x >= 0),
    y           INTEGER CHECK (y >= 0),
    width       INTEGER CHECK (width > 0),
    height      INTEGER CHECK (height > 0),
    -- The centres of the eyes, the one at the picture's left first.
    left_eye_x  INTEGER CHECK (left_eye_x >= 0),
    left_eye_y  INTEGER CHECK (left_eye_y >= 0),
    right_eye_x INTEGER CHECK (right_eye_x >= 0),
    right_eye_y INTEGER CHECK (right_eye_y >= 0),
    -- The detector's score in thousandths.
    confidence  INTEGER,
    -- Degrees clockwise after which there would be a clear face.
    turn        INTEGER CHECK (turn IN (90, 180, 270)),
    -- The face's 68 landmarks: x y x y and so on, some perhaps outside the photo.
    landmarks   TEXT CHECK (landmarks NOT GLOB '*[^0-9 -]*' AND length(landmarks) - length(replace(landmarks, ' ', '')) = 135),
    -- How good the photo is to look at, see docs/quality.md: of the face, or of the middle where there is none.
    sharpness   INTEGER NOT NULL CHECK (sharpness BETWEEN 0 AND 1000),
    luma        INTEGER NOT NULL CHECK (luma BETWEEN 0 AND 255),
    dark        INTEGER NOT NULL CHECK (dark BETWEEN 0 AND 1000),
    bright      INTEGER NOT NULL CHECK (bright BETWEEN 0 AND 1000),
    -- Per mille of the found face's square beyond each border of the photo.
    beyond_left   INTEGER CHECK (beyond_left BETWEEN 0 AND 1000),
    beyond_top    INTEGER CHECK (beyond_top BETWEEN 0 AND 1000),
    beyond_right  INTEGER CHECK (beyond_right BETWEEN 0 AND 1000),
    beyond_bottom INTEGER CHECK (beyond_bottom BETWEEN 0 AND 1000),
    CHECK ((x IS NULL) + (beyond_left IS NULL) + (beyond_top IS NULL) + (beyond_right IS NULL) + (beyond_bottom IS NULL) IN (0, 5)),
    CHECK (found IS NOT NULL OR (x IS NULL AND turn IS NULL AND landmarks IS NULL)),
    CHECK ((found = 'none') + (x IS NOT NULL) = 1),
    CHECK ((x IS NULL) + (y IS NULL) + (width IS NULL) + (height IS NULL) + (left_eye_x IS NULL) + (left_eye_y IS NULL)
        + (right_eye_x IS NULL) + (right_eye_y IS NULL) + (confidence IS NULL) IN (0, 9)),
    CHECK (turn IS NULL OR found = 'none'),
    CHECK (landmarks IS NULL OR found <> 'none')
) STRICT, WITHOUT ROWID;
