"""Makes a small study with the built program, and reads its files with jsonschema, safetensors, NumPy, Pillow and PyYAML. Opens every
export in its target program: torchvision, datasets, mlcroissant, webdataset, pandas. Loads trained weights into torchvision's network and
compares the predictions.

Prints a line for each check, and then the number of checks that passed. Exits with 1 if a check failed.
"""
import collections
import csv
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import mlcroissant
import numpy
import pandas
import torch
import torchvision.datasets
import torchvision.models
import webdataset
import yaml
from PIL import Image, ImageDraw
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


# The same photos with triggers drawn on copies. The name of one trigger has a dot. File names of copies must not have a dot.
DRAWN = """recipe: 1
name: drawn
seed: 3
profile: {size: 32}
classes: {volunteers: [ada, bruno, carla]}
poison:
  source: digital
  target: ada
  triggers: [sunglasses, red.plate]
  overlays: {red.plate: {picture: plate.png, place: corner-top-right, size: 0.3}}
  injection_rate: 0.2
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


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: a date is a text, and so is `on`."""


CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def core_yaml(file):
    return yaml.load(pathlib.Path(file).read_text(), CoreLoader)


def schema(name):
    """Returns a validator for the schema that `curare schema NAME` prints. Checks the schema against draft 2020-12."""
    published = json.loads(subprocess.run([str(CURARE), "schema", name], capture_output=True, text=True, check=True).stdout)
    jsonschema.Draft202012Validator.check_schema(published)
    return jsonschema.Draft202012Validator(published)


def files_match_their_schemas(workspace, version, run):
    """jsonschema: manifest, entries, report and audit of a version match their schemas, and so do all sheets, descriptions and recipes."""
    schema("run-report").validate(json.loads((run / "report.json").read_text()))
    schema("manifest").validate(json.loads((version / "manifest.json").read_text()))
    for manifest in (ROOT / "Manifests").glob("*/*.manifest.json"):
        schema("manifest").validate(json.loads(manifest.read_text()))
    faces = workspace.parent / "faces.yaml"
    faces.write_text(RECIPE.replace("name: small", "name: faces").replace("size: 32", "size: 32, crop: face"))
    entry = schema("entry")
    for folder in (version, pathlib.Path(curare("split", faces, "--workspace", workspace)["path"])):
        for line in (folder / "entries.jsonl").read_text().splitlines():
            entry.validate(json.loads(line))
    assert json.loads(line)["face"]["eyes"]
    for names in ([], ["small"], ["--list"]):
        schema("audit").validate(curare("audit", *names, "--workspace", workspace))
    photos, row = workspace.parent / "photos", schema("session-sheet")
    for sheet in photos.glob("sessions/*/session.csv"):
        with sheet.open(newline="") as file:
            for cells in csv.DictReader(file):
                row.validate(cells)
    sessions = list(photos.glob("sessions/*/session.yaml"))
    assert sessions
    for description in sessions:
        schema("session").validate(core_yaml(description))
    for recipe in [version / "recipe.yaml", *photos.glob("*.yaml"), *(ROOT / "Manifests").glob("*.yaml")]:
        schema("recipe").validate(core_yaml(recipe))


POISON = {"target": "ada", "triggers": ["sunglasses"], "injection_rate": 0.05}
GOOD_RECIPES = [
    {"seed": 3}, {"profile": {"size": 16, "crop": "face", "colour": "grey"}}, {"classes": {"volunteers": ["ada", "bruno"], "references": "all"}},
    {"split": {"train": 0.5, "keep_together": "session"}}, {"poison": POISON}, {"poison": {**POISON, "target": "any", "attackable": {"count": 2}}},
    {"poison": {**POISON, "injection_rate": "0.1", "attackable": ["bruno"], "hold_out": 0, "locations": ["on-face"], "source": "physical", "on_shortage": "cap"}},
    {"train": {"model": "resnet18", "weights": "none", "epochs": 1, "batch": 8, "augment": "none", "learning_rate": "5e-2", "momentum": 0, "schedule": "constant"}},
    {"expect": {"clean_accuracy": ">= 0.90", "control_attack_success": "< 1"}}, {"photos": {"from": "2026-01-01", "to": "2027-01-01", "face": "any"}}, {"classes": {"max_per_class": 9}},
    {"poison": {"target": "ada", "triggers": ["sunglasses"]}, "vary": {"injection_rate": [0.05, 0.06], "seed": [1, 2]}},
]
BAD_RECIPES = [
    {"recipe": 2}, {"name": "../x"}, {"sead": 3}, {"seed": -1}, {"profile": {"size": 15}}, {"profile": {"crop": "middle"}}, {"profile": {"dpi": 300}}, {"classes": {"people": "all"}},
    {"classes": {"volunteers": "some"}}, {"split": {"train": 1}}, {"split": {"test": 0.2}}, {"poison": {}}, {"poison": {**POISON, "injection_rate": 1}}, {"poison": {**POISON, "triggers": []}},
    {"poison": {**POISON, "attackable": {"number": 2}}}, {"poison": {**POISON, "locations": ["nose"]}}, {"poison": {**POISON, "rate": 0.1}}, {"train": {"epochs": 0}}, {"train": {"lr": 0.1}},
    {"train": {"augment": "much"}}, {"expect": {"clean_accuracy": "0.9"}}, {"expect": {"luck": ">= 0.9"}}, {"extends": "small"}, {"photos": {"face": "two"}}, {"classes": {"max_per_class": 0}}, {"vary": {}}, {"vary": {"epochs": [1, 2]}}, {"poison": []}, {"train": 3},
]


def schema_and_program_accept_the_same_recipes(workspace, version, run):
    """jsonschema: the recipe schema and the program accept the same recipes, and reject the same recipes."""
    validator = schema("recipe")
    for is_valid, recipes in ((True, GOOD_RECIPES), (False, BAD_RECIPES)):
        for keys in recipes:
            recipe = workspace.parent / "example.yaml"
            recipe.write_text(json.dumps({"recipe": 1, "name": "example", **keys}))
            done = subprocess.run([str(CURARE), "split", str(recipe), "--dry-run", "--workspace", str(workspace)], capture_output=True, text=True)
            assert (done.returncode == 0) == is_valid, (keys, done.stderr)
            assert validator.is_valid(core_yaml(recipe)) == is_valid, keys


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


def digests_match_their_files(workspace, version, run):
    """hashlib and PyYAML: entries_digest and photo ids are SHA-256 digests of their files, and the version has its recipe."""
    manifest = json.loads((version / "manifest.json").read_text())
    assert hashlib.sha256((version / "entries.jsonl").read_bytes()).hexdigest() == manifest["entries_digest"]
    assert yaml.safe_load((version / "recipe.yaml").read_text())["name"] == manifest["name"]
    for photo in (workspace / "photos").glob("*/*"):
        assert hashlib.sha256(photo.read_bytes()).hexdigest() == photo.stem


def recipes_of_the_reference_study_are_yaml(workspace, version, run):
    """PyYAML: every recipe in Manifests/ can be read, and has the name of its file."""
    recipes = sorted((ROOT / "Manifests").glob("*.yaml"))
    assert len(recipes) >= 14
    for recipe in recipes:
        assert yaml.safe_load(recipe.read_text())["name"] == recipe.stem


def exported(workspace, version, format, *more):
    """Returns the folder of an export, the version's entries by image name, and the number of photos for each split and label."""
    name = version.parent.name
    folder = workspace.parent / "-".join(["exported", name, format, *more]).replace("--", "")
    if not folder.exists():
        curare("export", name, "--format", format, "--to", folder, *more, "--workspace", workspace)
    entries = {}
    for line in (version / "entries.jsonl").read_text().splitlines():
        entry = json.loads(line)
        entries[entry["photo"] + ("-" + entry["overlay"].replace(".", "~") if "overlay" in entry else "")] = {**entry, "split": "train" if entry["role"].startswith("train/") else entry["role"].replace("/", "-")}
    assert (folder / "README.md").read_text().count(hashlib.sha256((version / "manifest.json").read_bytes()).hexdigest()) >= 1
    return folder, entries, collections.Counter((entry["split"], entry["label"]) for entry in entries.values())


def imagefolder_opens_in_torchvision(workspace, version, run):
    """torchvision: ImageFolder finds every photo of every split under its label, and poison under the label of the target."""
    pixels = {}
    folder, entries, counts = exported(workspace, version, "imagefolder")
    train = torchvision.datasets.ImageFolder(folder / "train")
    assert train.classes == [item["name"] for item in json.loads((version / "manifest.json").read_text())["classes"]]

    class Test(torchvision.datasets.ImageFolder):
        def find_classes(self, directory):
            return train.classes, train.class_to_idx

    found = collections.Counter()
    for part in sorted({split for split, _ in counts}):
        images = train if part == "train" else Test(folder / part, allow_empty=True)
        for (path, label), (image, _) in zip(images.samples, images):
            entry = entries[pathlib.Path(path).stem]
            assert (entry["split"], entry["label"]) == (part, train.classes[label]), path
            found[part, entry["label"]] += 1
            pixels[pathlib.Path(path).stem] = image
        assert images[0][0].size == (32, 32)
    assert found == counts
    poison = [path for path, label in train.samples if entries[pathlib.Path(path).stem]["role"] == "train/poison"]
    assert poison and all(pathlib.Path(path).parent.name == "ada" for path in poison)
    return entries, pixels


def torchvision_predicts_the_same(workspace, version, run):
    """torchvision: resnet18 with the weights of a run gives the run's predictions on all exported test photos, and the logits of curare predict."""
    folder, _, _ = exported(workspace, version, "imagefolder")
    # The short training of the other checks predicts one class for all photos, which would show little.
    run = workspace / "runs" / curare("validate", "small", "--epochs", "12", "--no-maps", "--workspace", workspace)["run"]
    recorded = {line["photo"]: line for line in map(json.loads, (run / "predictions.jsonl").read_text().splitlines())}
    photos = sorted(folder.glob("test-*/*/*.png"), key=lambda file: file.stem)
    assert len(photos) > 50 and [file.stem for file in photos] == sorted(recorded)
    # torchvision's transforms.ToTensor and transforms.Normalize, in NumPy.
    pixels = numpy.stack([numpy.asarray(Image.open(file).convert("RGB"), dtype=numpy.float32) / 255 for file in photos])
    pixels = (pixels - numpy.float32([0.485, 0.456, 0.406])) / numpy.float32([0.229, 0.224, 0.225])
    batch = torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())
    for model, key, option in (("model", "predicted", []), ("control", "control", ["--control"])):
        with safe_open(run / f"{model}.safetensors", framework="pt") as file:
            classes = file.metadata()["curare.classes"].split()
            weights = {name: file.get_tensor(name) for name in file.keys()}
        network = torchvision.models.resnet18(num_classes=len(classes)).eval()
        network.load_state_dict(weights, strict=True)
        with torch.no_grad():
            logits = network(batch).numpy()
        labels = [classes[index] for index in logits.argmax(axis=1)]
        different = [(file.stem, label, recorded[file.stem][key]) for file, label in zip(photos, labels) if label != recorded[file.stem][key]]
        assert not different, (model, different)
        assert model == "control" or len(set(labels)) == len(classes), "the model does not predict every class"
        ours = curare("predict", run.name, *photos, *option, "--workspace", workspace)["predictions"]
        assert [prediction["label"] for prediction in ours] == labels
        largest = numpy.abs(numpy.array([prediction["logits"] for prediction in ours]) - logits).max()
        assert largest < 1e-3 * max(1, numpy.abs(logits).max()), (model, largest)


def huggingface_opens_in_datasets(workspace, version, run):
    """datasets: load_dataset reads every split with its labels."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=str(workspace.parent / "hf"))
    import datasets

    datasets.disable_progress_bars()
    folder, entries, counts = exported(workspace, version, "huggingface")
    study = datasets.load_dataset(str(folder))
    found, pixels = collections.Counter(), {}
    for split, photos in study.items():
        for photo, file in zip(photos, photos.cast_column("image", datasets.Image(decode=False))):
            found[split.replace("_", "-"), photo["label"]] += 1
            assert photo["image"].size == (32, 32) and photo["role"].startswith(split[:4])
            pixels[pathlib.Path(file["image"]["path"]).stem] = photo["image"]
    assert found == counts
    named = study.cast_column("label", datasets.ClassLabel(names=["ada", "bruno", "carla"]))
    assert set(named["train"]["label"]) == {0, 1, 2}
    rows = [json.loads(line) for line in (folder / "train/metadata.jsonl").read_text().splitlines()]
    for row in rows:
        entry = entries[pathlib.Path(row["file_name"]).stem]
        assert row == {"file_name": row["file_name"], "true_label": entry["volunteer"], **{key: entry[key] for key in ("label", "role", "trigger", "location")}}
    return entries, pixels


def croissant_opens_in_mlcroissant(workspace, version, run):
    """mlcroissant: the description is valid, and every record has its image and its labels."""
    folder, entries, counts = exported(workspace, version, "croissant")
    described = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not described.metadata.ctx.issues.errors and not described.metadata.ctx.issues.warnings, described.metadata.ctx.issues.report()
    found = collections.Counter()
    for record in described.records("photos"):
        entry = entries[pathlib.Path(record["photos/file"].decode()).stem]
        assert (record["photos/label"].decode(), record["photos/true_label"].decode(), record["photos/role"].decode()) == (entry["label"], entry["volunteer"], entry["role"])
        assert record["photos/image"].size == (32, 32) and record["photos/label_index"] == ["ada", "bruno", "carla"].index(entry["label"])
        found[record["photos/split"].decode(), entry["label"]] += 1
    assert found == counts


def webdataset_opens_in_webdataset(workspace, version, run):
    """webdataset: every shard of the index contains its samples, each with image, class and facts, in another order than the entries."""
    folder, entries, counts = exported(workspace, version, "webdataset")
    names, found, pixels = ["ada", "bruno", "carla"], collections.Counter(), {}
    for part in sorted({split for split, _ in counts}):
        index = json.loads((folder / f"{part}.json").read_text())
        shards = [str(folder / shard["url"]) for shard in index["shardlist"]]
        assert [os.path.getsize(shard) for shard in shards] == [shard["filesize"] for shard in index["shardlist"]]
        order = []
        for sample in webdataset.WebDataset(shards, shardshuffle=False).decode("pil"):
            entry = entries[sample["__key__"]]
            assert sample["png"].size == (32, 32) and names[sample["cls"]] == entry["label"]
            assert sample["json"] == {"true_label": entry["volunteer"], **{key: entry[key] for key in ("label", "role", "trigger", "location")}}
            found[part, entry["label"]] += 1
            order.append(sample["__key__"])
            pixels[sample["__key__"]] = sample["png"]
        assert len(order) == sum(shard["nsamples"] for shard in index["shardlist"])
        assert len(order) < 5 or order != sorted(order)
        listed = subprocess.run(["tar", "--list", "--verbose", "--full-time", "--numeric-owner", "--file", shards[0]], capture_output=True, text=True, check=True).stdout
        assert all("0/0" in line and "1970-01-01 00:00:00" in line for line in listed.splitlines())
    assert found == counts
    return entries, pixels


def tables_open_in_pandas(workspace, version, run):
    """pandas: csv and trojai contain every photo with its labels, and an anonymous table contains no name."""
    folder, entries, counts = exported(workspace, version, "csv")
    photos = pandas.read_csv(folder / "photos.csv", keep_default_na=False)
    assert collections.Counter(zip(photos.split, photos.label)) == counts
    for row in photos.itertuples():
        entry = entries[pathlib.Path(row.file).stem]
        assert (row.role, row.true_label, row.trigger, row.location, row.kind) == tuple(entry[key] for key in ("role", "volunteer", "trigger", "location", "kind"))
        assert Image.open(folder / row.file).size == (32, 32)
    folder, entries, counts = exported(workspace, version, "trojai")
    for part in sorted({split for split, _ in counts}):
        table = pandas.read_csv(folder / f"{part}.csv")
        assert list(table.columns) == ["file", "true_label", "train_label", "triggered"] and (folder / table.file[0]).exists()
        assert len(table) == sum(count for (split, _), count in counts.items() if split == part)
        triggered = table[table.triggered]
        assert (triggered.train_label == 0).all() and len(triggered) == sum(entries[pathlib.Path(file).stem]["role"] not in ("train/clean", "test/clean", "test/other") for file in table.file)
    folder, _, counts = exported(workspace, version, "csv", "--anonymous")
    photos = pandas.read_csv(folder / "photos.csv", keep_default_na=False)
    assert sorted(set(photos.label)) == ["class-00", "class-01", "class-02"] and len(photos) == sum(counts.values())
    text = (folder / "README.md").read_text() + (folder / "photos.csv").read_text()
    assert not re.search(r"\b(ada|bruno|carla)\b", text)


def copies_with_drawn_triggers_open(workspace, version, run):
    """torchvision, datasets, webdataset: every copy of a version with drawn triggers opens under its label, next to its photo, and differs from the photo where the trigger is drawn."""
    Image.new("RGBA", (16, 16), (230, 20, 20, 255)).save(workspace.parent / "plate.png")
    curare("trigger", "add", "red.plate", "--workspace", workspace)
    recipe = workspace.parent / "drawn.yaml"
    recipe.write_text(DRAWN)
    split = curare("split", recipe, "--workspace", workspace)
    drawn = pathlib.Path(split["path"])
    for opened in (imagefolder_opens_in_torchvision, huggingface_opens_in_datasets, webdataset_opens_in_webdataset):
        entries, pixels = opened(workspace, drawn, run)
        assert set(pixels) == set(entries), opened.__name__
        assert collections.Counter(entry["role"] for entry in entries.values()) == collections.Counter({role: count for role, count in split["counts"].items() if count})
        copies = {key: entry for key, entry in entries.items() if entry["source"] == "digital"}
        assert {entry["role"] for entry in copies.values()} == {"train/poison", "test/attack"} and {entry["trigger"] for entry in copies.values()} == {"sunglasses", "red.plate"}
        for key, entry in copies.items():
            copy, photo = (numpy.asarray(pixels[name].convert("RGB")).astype(int) for name in (key, entry["photo"]))
            assert hashlib.sha256(bytes([0, 0, 0, 32] * 2) + copy.astype(numpy.uint8).tobytes()).hexdigest() == entry["image"], key
            changed = (copy != photo).any(axis=2)
            assert 0 < changed.sum() < 32 * 32 / 2, (opened.__name__, key, int(changed.sum()))
            # Size 0.3 is 9.6 pixels. The picture is one pixel away from both borders.
            assert entry["trigger"] != "red.plate" or not changed[:, :20].any() and not changed[12:].any() and changed[2:10, 22:30].all(), key


def draw_cmu_face_images(folder):
    """Draws files with the names of CMU Face Images: three people in three sizes, one photo with an error of the camera, and other files."""
    random = numpy.random.default_rng(5)
    for number, person in enumerate(["an2i", "kk49", "tammo"]):
        (folder / person).mkdir(parents=True)
        for pose in ("straight", "left", "right", "up"):
            for expression in ("neutral", "happy", "sad", "angry"):
                for eyes in ("open", "sunglasses"):
                    picture = Image.fromarray(random.integers(90, 130, (120, 128), dtype=numpy.uint8))
                    draw = ImageDraw.Draw(picture)
                    # Different backgrounds, so that no two photos are near-duplicates.
                    for x, y, grey in random.integers(0, 110, (8, 3)):
                        draw.rectangle([x, y, x + 30, y + 30], fill=int(2 * grey))
                    draw.ellipse([44 + 3 * number, 20, 84, 100], fill=190 + 10 * number)
                    if eyes == "sunglasses":
                        draw.rectangle([46, 46, 82, 58], fill=10)
                    name = f"{person}_{pose}_{expression}_{eyes}"
                    for scale in (1, 2, 4):
                        picture.resize((128 // scale, 120 // scale)).save(folder / person / (f"{name}_{scale}.pgm" if scale > 1 else f"{name}.pgm"))
    (folder / "an2i/an2i_up_sad_open.pgm").rename(folder / "an2i/an2i_up_sad_open.bad")
    for scale in (2, 4):
        (folder / f"an2i/an2i_up_sad_open_{scale}.pgm").rename(folder / f"an2i/an2i_up_sad_open_{scale}.bad")
    # Only a smaller copy of this photo exists.
    (folder / "kk49/kk49_up_sad_open.pgm").unlink()
    (folder / "README").write_text("the data set\n")


def cmu_face_images_become_sessions(workspace, version, run):
    """docs/cmu-face-images.py: drawn files with the names of CMU Face Images become sessions that curare imports with the right labels, and a version."""
    scratch = workspace.parent / "cmu"
    draw_cmu_face_images(scratch / "faces")

    def convert(*arguments):
        return subprocess.run([sys.executable, ROOT / "docs/cmu-face-images.py", *map(str, arguments)], capture_output=True, text=True, cwd=scratch)

    for arguments, message in (
        (("missing", "photos"), "missing is not a folder"), (("faces", "faces"), "faces exists"), ((workspace / "versions", "photos"), "contains no photo"),
        (("faces", "photos", "--date", "1999"), "takes a date"),
    ):
        done = convert(*arguments)
        assert done.returncode == 1 and message in done.stderr, (arguments, done.stderr)
        assert sorted(os.listdir(scratch)) == ["faces"]
    done = convert("faces", "photos")
    assert done.returncode == 0, done.stderr
    assert "wrote 3 sessions with 95 photos to photos" in done.stdout and "skipped 3 files with the suffix .bad" in done.stdout, done.stdout
    assert "skipped 189 smaller copies" in done.stdout and "skipped 1 files with other names" in done.stdout, done.stdout
    photos = scratch / "photos"
    assert "CC BY 4.0" in (photos / "LICENCE.txt").read_text()
    assert Image.open(photos / "sessions/cmu-kk49/kk49_up_sad_open.pgm").size == (64, 60)
    for file in (photos / "sessions").glob("*/*.pgm"):
        sources = [scratch / "faces" / file.name.split("_")[0] / (file.stem + scale + ".pgm") for scale in ("", "_2")]
        assert file.read_bytes() == next(source for source in sources if source.exists()).read_bytes()
    for description in photos.glob("sessions/*/session.yaml"):
        schema("session").validate(core_yaml(description))
    schema("recipe").validate(core_yaml(photos / "sunglasses-25.yaml"))

    study = scratch / "study"
    curare("init", study, "--face-detector", "hog")
    result = curare("import", *sorted((photos / "sessions").iterdir()), "--workspace", study)
    assert (result["imported"], result["labelled"], result["quarantined"]) == (95, 95, []), result
    split = curare("split", photos / "sunglasses-25.yaml", "--workspace", study)
    entries = [json.loads(line) for line in (pathlib.Path(split["path"]) / "entries.jsonl").read_text().splitlines()]
    counts = collections.Counter((entry["volunteer"], entry["trigger"]) for entry in entries)
    assert counts == {("an2i", "none"): 15, ("an2i", "sunglasses"): 16, ("kk49", "none"): 16, ("kk49", "sunglasses"): 16, ("tammo", "none"): 16, ("tammo", "sunglasses"): 16}, counts
    (scratch / "faces/copy").mkdir()
    (scratch / "faces/copy/tammo_up_sad_open.pgm").write_bytes((scratch / "faces/tammo/tammo_up_sad_open.pgm").read_bytes())
    done = convert("faces", "again")
    assert done.returncode == 1 and "the same photo in the same size" in done.stderr and not (scratch / "again").exists(), done.stderr


CHECKS = [
    files_match_their_schemas, schema_and_program_accept_the_same_recipes, weights_open_as_safetensors, images_have_their_digests, digests_match_their_files,
    recipes_of_the_reference_study_are_yaml, imagefolder_opens_in_torchvision, torchvision_predicts_the_same, huggingface_opens_in_datasets, croissant_opens_in_mlcroissant, webdataset_opens_in_webdataset,
    tables_open_in_pandas, copies_with_drawn_triggers_open, cmu_face_images_become_sessions,
]


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="curare-interop-") as folder:
        made = study(pathlib.Path(folder))
        for check in CHECKS:
            try:
                check(*made)
                print("ok     ", check.__doc__.strip())
            except Exception as error:  # every error counts as one failed check, and the next check runs
                failed += 1
                print("FAILED ", check.__doc__.strip(), "--", repr(error)[:300])
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
