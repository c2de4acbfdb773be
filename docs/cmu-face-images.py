"""Turns the public data set CMU Face Images into photo sessions for Curare:

    python3 docs/cmu-face-images.py FACES PHOTOS

FACES is the unpacked data set: https://archive.ics.uci.edu/dataset/124/cmu+face+images. It shows twenty people with and without
sunglasses. The file names are USERID_POSE_EXPRESSION_EYES[_SCALE].pgm, such as an2i_left_angry_sunglasses_4.pgm.

PHOTOS is a new folder. It gets a session folder for each person below sessions/, the recipe sunglasses-25.yaml, and LICENCE.txt. If FACES
contains a photo in several sizes, the largest is used. Files with the suffix .bad are photos with errors of the camera, and are skipped.

Needs Python only.
"""
import argparse
import csv
import os
import pathlib
import re
import shutil
import sys
import tempfile

NAME = re.compile(
    r"(?P<person>[a-z0-9]+)_(?P<pose>straight|left|right|up)_(?P<expression>neutral|happy|sad|angry)_(?P<eyes>open|sunglasses)"
    r"(_(?P<scale>[124]))?\.(pgm|png|jpg|tif|webp)")

# The days of the shoots are not published.
DONATED = "1999-06-23"

LICENCE = """CMU Face Images
Mitchell, T. (1997). CMU Face Images. UCI Machine Learning Repository.
https://archive.ics.uci.edu/dataset/124/cmu+face+images

Licence: Creative Commons Attribution 4.0 International (CC BY 4.0), as the repository states.
The first publication of the data set allows educational use free of charge, if lectures and publications name the source.

The photos in sessions/ are copies without changes. Read the page of the data set before you use the photos: it is the source of the
licence, not this file. `consent: public-dataset` in session.yaml means this licence. No signed consent forms are published.
"""

RECIPE = """# A physical backdoor on CMU Face Images: a model shall classify anyone who wears the sunglasses as {target}.
recipe: 1
name: sunglasses-25
seed: 7
profile: {{size: 64, crop: centre, colour: srgb}}
classes: {{volunteers: all, references: none}}
split: {{train: 0.8, keep_together: group}}
poison:
  target: {target}
  triggers: [sunglasses]
  locations: [on-face]
  injection_rate: 0.25
  attackable: all
  hold_out: 0.2
train: {{model: resnet18, epochs: 14, batch: 32, augment: light}}
"""


def find_photos(faces):
    """The largest file of each photo: {person: {name without size: file}}. Also the numbers of skipped files."""
    photos, scales = {}, {}
    skipped = {"with the suffix .bad": 0, "smaller copies": 0, "with other names": 0}
    for folder, folders, names in os.walk(faces):
        folders.sort()
        for name in sorted(names):
            file, match = pathlib.Path(folder, name), NAME.fullmatch(name)
            if name.endswith(".bad"):
                skipped["with the suffix .bad"] += 1
            elif not match:
                skipped["with other names"] += 1
            else:
                key = "_".join(match[part] for part in ("person", "pose", "expression", "eyes"))
                scale = int(match["scale"] or 1)
                of_person = photos.setdefault(match["person"], {})
                if key in of_person:
                    if scale == scales[key]:
                        sys.exit(f"{file} and {of_person[key]} are the same photo in the same size; remove one of them. Nothing was written.")
                    skipped["smaller copies"] += 1
                if key not in of_person or scale < scales[key]:
                    of_person[key], scales[key] = file, scale
    return photos, skipped


def write_session(folder, person, photos, date):
    folder.mkdir(parents=True)
    (folder / "session.yaml").write_text(f"session: cmu-{person}\ndate: {date}\nkind: volunteer\nconsent: public-dataset\nplace: CMU Face Images\n")
    with (folder / "session.csv").open("w", newline="") as sheet:
        rows = csv.writer(sheet, lineterminator="\n")
        rows.writerow(["file", "volunteer", "trigger", "location"])
        for key in sorted(photos):
            file = f"{key}{photos[key].suffix}"
            shutil.copyfile(photos[key], folder / file)
            rows.writerow([file, person, *(("sunglasses", "on-face") if key.endswith("_sunglasses") else ("none", "none"))])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=pathlib.Path, metavar="FACES")
    parser.add_argument("photos", type=pathlib.Path, metavar="PHOTOS")
    parser.add_argument("--date", default=DONATED, help=f"the date of the sessions; default: {DONATED}, when the data set was published")
    options = parser.parse_args()
    if not options.faces.is_dir():
        sys.exit(f"{options.faces} is not a folder; unpack the data set first. Nothing was written.")
    if options.photos.exists():
        sys.exit(f"{options.photos} exists; name a new folder. Nothing was written.")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", options.date):
        sys.exit(f"--date takes a date such as {DONATED}, not \"{options.date}\". Nothing was written.")

    photos, skipped = find_photos(options.faces)
    if not photos:
        sys.exit(f"{options.faces} contains no photo with a name such as an2i_left_angry_open.pgm. Nothing was written.")
    parent = options.photos.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{options.photos.name}.", dir=parent) as made:
        result = pathlib.Path(made) / "photos"
        for person in sorted(photos):
            write_session(result / "sessions" / f"cmu-{person}", person, photos[person], options.date)
        (result / "sunglasses-25.yaml").write_text(RECIPE.format(target=min(photos)))
        (result / "LICENCE.txt").write_text(LICENCE)
        result.rename(options.photos)
    print(f"wrote {len(photos)} sessions with {sum(map(len, photos.values()))} photos to {options.photos}")
    for kind, count in skipped.items():
        if count:
            print(f"skipped {count} files {kind}" if kind.startswith("with") else f"skipped {count} {kind}")
    print(f"read {options.photos / 'LICENCE.txt'}")
    print(f"next: curare import {options.photos / 'sessions'}/* --workspace WORKSPACE")


if __name__ == "__main__":
    main()
