-- Catalog, version 2: the face of a photo.

-- What looking for a face in a photo, once, has shown, in whole pixels of the upright photo. A photo without a row was not looked at yet.
-- A 'face' region overrules the box.
CREATE TABLE face (
    photo       TEXT NOT NULL PRIMARY KEY REFERENCES photo (id),
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
    CHECK ((found = 'none') + (x IS NOT NULL) = 1),
    CHECK ((x IS NULL) + (y IS NULL) + (width IS NULL) + (height IS NULL) + (left_eye_x IS NULL) + (left_eye_y IS NULL)
        + (right_eye_x IS NULL) + (right_eye_y IS NULL) + (confidence IS NULL) IN (0, 9)),
    CHECK (turn IS NULL OR found = 'none')
) STRICT, WITHOUT ROWID;

-- A workspace that has images goes on with the profile that they were made for.
INSERT INTO setting (key, value) SELECT 'profile', '256-centre-srgb' WHERE EXISTS (SELECT 1 FROM image) ON CONFLICT DO NOTHING;
