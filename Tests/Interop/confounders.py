"""Compares the findings of the check `confounder` with cleanlab's Datalab (spurious correlations of CleanVision's image properties) on the same
photos: balanced photos, and photos whose triggered half is darker or blurred.

What is compared: both programs find nothing in the balanced photos; for the other photos, Curare reports the changed property, and Datalab gives
it the lowest score. Other properties of Datalab can have the same score, because its properties are not independent: a darker photo also counts as
blurred. What cannot be compared:
- Datalab's score is about 1 minus the accuracy of a classifier on one property, so that 0.5 is chance; Curare's effect is an area under the ROC
  curve within volunteers. Datalab knows no volunteers and has no test against chance.
- Datalab examines the pixels of whole images. It knows no session, camera, place, date, format, file size, colour temperature or face.
- `odd_size` and `odd_aspect_ratio` are distances to the median image, so that two halves of different sizes have equal scores.

Prints a line for each set, and exits with 1 if a comparison failed.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from cleanlab import Datalab
from datasets import Dataset
from datasets import Image as ImageColumn
from PIL import Image, ImageDraw, ImageFilter

ROOT = pathlib.Path(__file__).resolve().parents[2]
CURARE = ROOT / ".build" / "release" / "curare"
VOLUNTEERS = ["ada", "bruno", "carla", "dario", "emil", "fatima"]
PROPERTIES = ["dark", "light", "blurry", "odd_size", "odd_aspect_ratio", "low_information"]

# The change of a triggered photo, Curare's property and Datalab's property.
SETS = {
    "balanced": (lambda image: image, None, None),
    "darker": (lambda image: image.point(lambda value: int(0.6 * value)), "brightness", "dark_score"),
    "blurred": (lambda image: image.filter(ImageFilter.GaussianBlur(4)), "sharpness", "blurry_score"),
}


def curare(*arguments):
    done = subprocess.run([str(CURARE), *map(str, arguments), "--json"], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"curare {arguments[0]}: {done.stderr}")
    return json.loads(done.stdout)


def photo(seed):
    """A photo of coloured rectangles, without a face: light and sharpness are measured on the whole photo and on its centre."""
    chance = random.Random(seed)
    image = Image.new("RGB", (200, 160), (120, 125, 130))
    draw = ImageDraw.Draw(image)
    for _ in range(400):
        x, y = chance.randrange(200), chance.randrange(160)
        draw.rectangle((x, y, x + chance.randrange(2, 20), y + chance.randrange(2, 20)), fill=tuple(chance.randrange(256) for _ in range(3)))
    return image


def sessions(folder, change):
    """Writes one session with bare photos of each volunteer, and with photos that show a trigger off the face."""
    folder.mkdir()
    (folder / "session.yaml").write_text("session: s1\ndate: 2026-01-05\nconsent: signed\nkind: volunteer\n")
    rows = ["file,volunteer,trigger,location"]
    for index, name in enumerate(VOLUNTEERS):
        for number in range(24):
            triggered = number % 2 == 1
            image = photo(1000 * index + number)
            file = f"{name}-{number}.png"
            (change(image) if triggered else image).save(folder / file)
            rows.append(f"{file},{name}," + ("earrings,off-face" if triggered else "none,none"))
    (folder / "session.csv").write_text("\n".join(rows) + "\n")
    return [row.split(",") for row in rows[1:]]


def effects(folder, workspace):
    """Returns the cells of Curare's matrix by property, and the findings of the check."""
    curare("init", workspace, "--face-detector", "hog")
    curare("import", folder, "--workspace", workspace)
    audit = curare("audit", "--workspace", workspace)
    cells = {row["property"]: row["cells"][0] for row in audit["confounders"]["rows"]}
    return cells, [finding for finding in audit["findings"] if finding["check"] == "confounder"]


def correlations(folder, rows):
    """Returns Datalab's score of each property."""
    photos = Dataset.from_dict({"image": [str(folder / row[0]) for row in rows], "label": [row[2] for row in rows]})
    lab = Datalab(photos.cast_column("image", ImageColumn()), label_name="label", image_key="image", verbosity=0)
    lab.find_issues(issue_types={"image_issue_types": {name: {} for name in PROPERTIES}, "spurious_correlations": {"threshold": 0.3}})
    table = lab.get_info("spurious_correlations")["correlations_df"]
    return dict(zip(table["property"], table["score"]))


def compare(folder, name):
    change, ours, theirs = SETS[name]
    rows = sessions(folder / name, change)
    cells, findings = effects(folder / name, folder / f"{name}-study")
    scores = correlations(folder / name, rows)
    if ours is None:
        assert findings == [], findings
        assert min(scores.values()) > 0.3, scores
        return "no finding; lowest score of Datalab {:.2f}".format(min(scores.values()))
    assert cells[ours]["reported"] and abs(cells[ours]["effect"] - 0.5) >= 0.45, cells
    assert abs(cells[ours]["effect"] - 0.5) == max(abs(c["effect"] - 0.5) for p, c in cells.items() if c and p in ("brightness", "sharpness")), cells
    assert scores[theirs] == min(scores.values()) and scores[theirs] < 0.3, scores
    return "{} has the effect {:.2f}; {} has the score {:.2f}".format(ours, cells[ours]["effect"], theirs, scores[theirs])


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="curare-confounders-") as folder:
        for name in SETS:
            try:
                print("ok     ", f"confounders and Datalab, {name}:", compare(pathlib.Path(folder), name))
            except Exception as error:  # every error counts as one failed comparison, and the next one runs
                failed += 1
                print("FAILED ", f"confounders and Datalab, {name}", "--", repr(error)[:300])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
