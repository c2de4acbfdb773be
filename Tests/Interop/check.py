"""Makes a small study with the built program and reads what it wrote with jsonschema, safetensors, NumPy, Pillow and PyYAML.

Prints a line for each check and, last, how many passed; exits 1 where one failed.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import numpy
import yaml
from PIL import Image
from safetensors import safe_open

ROOT = pathlib.Path(__file__).resolve().parents[2]
CURARE = ROOT / ".build" / "release" / "curare"

RECIPE = """recipe: 1
name: small
seed: 3
profile: {size: 32}
classes: {volunteers: [ada, bruno, carla]}
poison: {target: ada, triggers: [sunglasses], locations: [on-face], injection_rate: 0.2}
train: {epochs: 2, batch: 16, augment: light}
expect: {attack_success: ">= 0"}
"""


def curare(*arguments):
    done = subprocess.run([str(CURARE), *map(str, arguments), "--json"], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"curare {arguments[0]}: {done.stderr}")
    return json.loads(done.stdout)


def study(folder):
    curare("demo", folder / "photos")
    curare("init", folder / "study")
    curare("import", *sorted((folder / "photos/sessions").iterdir()), "--workspace", folder / "study")
    (folder / "small.yaml").write_text(RECIPE)
    version = pathlib.Path(curare("split", folder / "small.yaml", "--workspace", folder / "study")["path"])
    run = folder / "study/runs" / curare("validate", "small", "--workspace", folder / "study")["run"]
    return folder / "study", version, run


def reports_keep_their_schema(workspace, version, run):
    """jsonschema: report.json is what Schemas/run-report.schema.json says."""
    schema = json.loads((ROOT / "Schemas/run-report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads((run / "report.json").read_text()))


def weights_open_as_safetensors(workspace, version, run):
    """safetensors: every tensor has torchvision's name and shape, and the metadata names model and classes."""
    with safe_open(run / "model.safetensors", framework="numpy") as file:
        assert file.metadata()["curare.model"] == "resnet18"
        assert file.metadata()["curare.classes"].split() == ["ada", "bruno", "carla"]
        shapes = {name: tuple(file.get_tensor(name).shape) for name in file.keys()}
        assert len(shapes) == 122, len(shapes)
        assert shapes["conv1.weight"] == (64, 3, 7, 7) and shapes["fc.weight"] == (3, 512) and shapes["layer4.0.downsample.0.weight"] == (512, 256, 1, 1)
        assert all(numpy.isfinite(file.get_tensor(name)).all() for name in shapes)


def images_have_their_digests(workspace, version, run):
    """Pillow: the decoded pixels of every image of the version give the digest in its entry."""
    for line in (version / "entries.jsonl").read_text().splitlines():
        entry = json.loads(line)
        image = Image.open(workspace / f"images/32-centre-srgb/{entry['photo'][:2]}/{entry['photo']}.png")
        assert image.mode == "RGB" and set(image.info) <= {"dpi"}, image.info
        size = b"".join(side.to_bytes(4, "big") for side in image.size)
        assert hashlib.sha256(size + image.tobytes()).hexdigest() == entry["image"], entry["photo"]


def manifests_are_signed_as_the_format_says(workspace, version, run):
    """hashlib and PyYAML: entries_digest, photo ids, and the recipe as the researcher wrote it."""
    manifest = json.loads((version / "manifest.json").read_text())
    assert hashlib.sha256((version / "entries.jsonl").read_bytes()).hexdigest() == manifest["entries_digest"]
    assert yaml.safe_load((version / "recipe.yaml").read_text())["name"] == manifest["name"]
    for photo in (workspace / "photos").glob("*/*"):
        assert hashlib.sha256(photo.read_bytes()).hexdigest() == photo.stem


def recipes_of_the_reference_study_are_yaml(workspace, version, run):
    """PyYAML: every recipe under Manifests/ parses, and is named as its file."""
    recipes = sorted((ROOT / "Manifests").glob("*.yaml"))
    assert len(recipes) >= 14
    for recipe in recipes:
        assert yaml.safe_load(recipe.read_text())["name"] == recipe.stem


CHECKS = [reports_keep_their_schema, weights_open_as_safetensors, images_have_their_digests, manifests_are_signed_as_the_format_says, recipes_of_the_reference_study_are_yaml]


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="curare-interop-") as folder:
        made = study(pathlib.Path(folder))
        for check in CHECKS:
            try:
                check(*made)
                print("ok     ", check.__doc__.strip())
            except Exception as error:  # each check is told apart, whatever breaks it
                failed += 1
                print("FAILED ", check.__doc__.strip(), "--", repr(error)[:300])
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
