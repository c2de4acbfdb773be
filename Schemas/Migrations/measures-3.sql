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
    likeness    TEXT NOT NULL CHECK (length(likeness) = 16 AND likeness NOT GLOB '*[^0-9a-f]*'),
    -- What looking for a face has shown.
    found       TEXT NOT NULL CHECK (found IN ('none', 'one', 'several')),
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
    CHECK ((found = 'none') + (x IS NOT NULL) = 1),
    CHECK ((x IS NULL) + (y IS NULL) + (width IS NULL) + (height IS NULL) + (left_eye_x IS NULL) + (left_eye_y IS NULL)
        + (right_eye_x IS NULL) + (right_eye_y IS NULL) + (confidence IS NULL) IN (0, 9)),
    CHECK (turn IS NULL OR found = 'none'),
    CHECK (landmarks IS NULL OR found <> 'none')
) STRICT, WITHOUT ROWID;
