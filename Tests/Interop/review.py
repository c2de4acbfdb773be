#!/usr/bin/env python3
"""Uses the page of `curare review` in Chromium as a person does, and compares the catalog with what was done.

    Tests/Interop/review.py [--program FILE] [--only NAME …] [--pictures DIR]

Labels photos with keys, draws and moves boxes, changes a selection, undoes and redoes, reloads the page, kills the server and starts it
again, changes one photo in two windows, looks at photos without JavaScript, and runs axe-core on each view at two widths and in two colour
schemes. With --pictures, writes the screenshots of the documents into DIR.

Prints a line for each check. Exits with 1 if a check failed. Needs Chromium, and playwright and axe-playwright-python from PyPI.
"""
import argparse
import json
import os
import pathlib
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

import axe_playwright_python
from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
AXE = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
DESKTOP, PHONE = (1280, 800), (390, 844)
HOSTILE = "hostile"
HOSTILE_FILES = ["<img src=x onerror=alert(1)>.png", "\"quote' &amp; <b>.png", "=cmd|' !A0.png", "\u202egnp.exe.png"]
HOSTILE_NOTE = "\"><script>alert(2)</script> '; =HYPERLINK(\"x\") \u202e"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Study:
    """A drawn study, its catalog, and its server."""

    def __init__(self, program, folder):
        self.program, self.folder, self.workspace = program, folder, folder / "study"
        # The printed address can be opened once. All windows of the checks have the cookie of the first window.
        self.port, self.process, self.cookies = free_port(), None, None
        self.curare("demo", folder / "photos")
        self.curare("init", self.workspace)
        self.hostile_session()
        self.curare("import", *sorted((folder / "photos/sessions").iterdir()), "--workspace", self.workspace)

    def curare(self, *arguments):
        done = subprocess.run([str(self.program), *map(str, arguments), "--json"], capture_output=True, text=True)
        assert done.returncode in (0, 3), f"curare {arguments[0]}: {done.stderr}"
        return json.loads(done.stdout)

    def hostile_session(self):
        """A session whose file names and notes contain markup, quotes, formulas and marks that change the direction of text."""
        source, session = self.folder / "photos/sessions/spring-studio", self.folder / "photos/sessions" / HOSTILE
        session.mkdir()
        (session / "session.yaml").write_text((source / "session.yaml").read_text().replace("spring-studio", HOSTILE).replace("place: studio", "place: '<script>alert(3)</script>'"))
        rows = ["file,volunteer,trigger,location,note"]
        quoted = lambda text: '"' + text.replace('"', '""') + '"'
        for number, name in enumerate(HOSTILE_FILES):
            picture = next(file for file in sorted(source.glob("*.jpg"))[number:])
            ImageOps.mirror(Image.open(picture)).save(session / name)
            rows.append(f"{quoted(name)},ada,none,none,{quoted(HOSTILE_NOTE)}")
        (session / "session.csv").write_text("\n".join(rows) + "\n")

    def start(self, author="rita"):
        """Starts the server, and returns the address that it prints."""
        command = [str(self.program), "review", "--workspace", str(self.workspace), "--port", str(self.port), "--author", author, "--no-open"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        printed, end = "", time.monotonic() + 60
        while time.monotonic() < end:
            if select.select([self.process.stdout], [], [], 0.5)[0]:
                part = os.read(self.process.stdout.fileno(), 4096).decode()
                printed += part
                if address := re.search(r"http://\S+\?token=\S+", printed):
                    self.cookies = None
                    return address[0]
                if not part:
                    break
        sys.exit(f"curare review printed no address: {printed}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def rows(self, query, *values):
        with sqlite3.connect(f"file:{self.workspace / 'curare.sqlite'}?mode=ro", uri=True) as catalog:
            return catalog.execute(query, values).fetchall()

    def photo(self, session, file):
        return self.rows("SELECT photo FROM session_photo WHERE session = ? AND file = ?", session, file)[0][0]

    def label(self, photo):
        """(volunteer, triggers, locations, source, author) of the label that counts."""
        label = self.rows("SELECT id, volunteer, source, author FROM label WHERE photo = ? ORDER BY source <> 'rule' DESC, id DESC LIMIT 1", photo)[0]
        worn = self.rows("SELECT trigger, location FROM trigger_placement WHERE label = ? ORDER BY trigger, location", label[0])
        return (label[1], "+".join(name for name, _ in worn) or "none", "+".join(place for _, place in worn) or "none", *label[2:])

    def labels(self):
        return {photo: self.label(photo) for (photo,) in self.rows("SELECT id FROM photo ORDER BY id")}

    def box(self, photo, kind):
        found = self.rows("SELECT x, y, width, height FROM region WHERE photo = ? AND kind = ? AND source = 'review'", photo, kind)
        return list(found[0]) if found else None


class Page:
    """A window with the page. Collects faults that a person would not see."""

    def __init__(self, browser, size=DESKTOP, scheme="light", context=None):
        self.context = context or browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, has_touch=size == PHONE)
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and "Failed to load resource" not in message.text and self.faults.append(message.text))
        self.dialogs = []
        self.page.on("dialog", self.accept)

    def accept(self, dialog):
        self.dialogs.append(dialog.type)
        dialog.accept()

    def open(self, address):
        self.page.goto(address)
        self.page.wait_for_selector("#grid .photo img")
        return self

    def show(self, study, query=""):
        return self.open(f"http://127.0.0.1:{study.port}/{query}")

    def open_photo(self, study, photo):
        self.show(study, f"?session=spring-studio&photo={photo}")
        self.page.wait_for_selector("#viewer[open]")
        self.page.wait_for_timeout(300)
        return self

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self):
        self.wait("document.getElementById('saving').textContent === 'saved'")

    def current(self):
        """The id of the current photo of the grid."""
        return self.page.locator("#grid .photo.current").get_attribute("data-id")

    def text(self, selector):
        return self.page.locator(selector).inner_text()

    def wait(self, expression):
        """Waits until a JavaScript expression is true. The security policy of the page forbids `wait_for_function`."""
        end = time.monotonic() + 20
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, f"still false: {expression}"
            self.page.wait_for_timeout(20)

    def close(self):
        assert not self.faults, self.faults
        assert not self.dialogs, self.dialogs
        self.context.close()


def triggers(study):
    return [name for (name,) in study.rows("SELECT name FROM trigger ORDER BY name")]


def twenty_photos_by_keyboard(study, browser):
    """twenty photos are labelled with keys; the catalog has exactly these labels, with their author"""
    before, names = study.labels(), triggers(study)
    page = Page(browser).show(study, "?session=spring-studio")
    expected, slowest = {}, 0
    for number in range(20):
        photo = page.current()
        name, place = names[number % min(9, len(names))], ["on-face", "off-face"][number % 2]
        page.press(str(number % min(9, len(names)) + 1), "o" if place == "on-face" else "f")
        started = time.monotonic()
        page.saved()
        slowest = max(slowest, time.monotonic() - started)
        expected[photo] = (before[photo][0], name, place)
        page.press("ArrowRight")
    assert len(expected) == 20
    after = study.labels()
    assert {photo: label[:3] for photo, label in after.items() if label[:3] != before[photo][:3]} == {photo: label for photo, label in expected.items() if label != before[photo][:3]}
    changed = [photo for photo in expected if expected[photo] != before[photo][:3]]
    assert len(changed) > 10 and all(after[photo][3:] == ("review", "rita") for photo in changed), [after[photo] for photo in changed][:3]
    assert slowest < 5, slowest
    page.close()


def drag(page, start, end):
    page.page.mouse.move(*start)
    page.page.mouse.down()
    page.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.page.mouse.move(*end)
    page.page.mouse.up()


def near(box, expected, tolerance=2):
    assert box is not None and all(abs(a - b) <= tolerance for a, b in zip(box, expected)), (box, expected)


def boxes_by_mouse_touch_and_keys(study, browser):
    """boxes are drawn, moved, changed and removed with mouse, touch and keys"""
    page = Page(browser).show(study, "?session=spring-studio")
    photo = page.current()
    width, height = study.rows("SELECT width, height FROM photo WHERE id = ?", photo)[0]
    page.press("Enter")
    page.page.wait_for_selector("#viewer[open]")
    page.press("b")
    frame = page.page.locator("#frame").bounding_box()
    at = lambda x, y: (frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y)
    page.press("Delete")
    page.saved()
    drag(page, at(0.2, 0.2), at(0.6, 0.5))
    page.saved()
    near(study.box(photo, "trigger"), [0.2 * width, 0.2 * height, 0.4 * width, 0.3 * height])
    drag(page, at(0.4, 0.35), at(0.5, 0.45))
    page.saved()
    near(study.box(photo, "trigger"), [0.3 * width, 0.3 * height, 0.4 * width, 0.3 * height])
    drag(page, at(0.7, 0.6), at(0.8, 0.8))
    page.saved()
    near(study.box(photo, "trigger"), [0.3 * width, 0.3 * height, 0.5 * width, 0.5 * height])
    moved = study.box(photo, "trigger")
    page.press("ArrowRight", "ArrowRight", "Shift+ArrowDown")
    page.press("Escape")
    page.saved()
    assert study.box(photo, "trigger") == [moved[0] + 2, moved[1] + 10, *moved[2:]], study.box(photo, "trigger")
    page.press("u")
    page.saved()
    assert study.box(photo, "trigger") == moved
    page.press("g")
    drag(page, at(0.02, 0.02), at(0.02, 0.02))
    page.press("Delete")
    page.saved()
    drag(page, at(0.1, 0.1), at(0.9, 0.9))
    page.saved()
    near(study.box(photo, "face"), [0.1 * width, 0.1 * height, 0.8 * width, 0.8 * height])
    page.press("Escape", "Escape")
    page.close()

    page = Page(browser, PHONE).open_photo(study, photo)
    page.page.locator("#side button", has_text="trigger box").tap()
    frame = page.page.locator("#frame").bounding_box()
    touch = page.context.new_cdp_session(page.page)
    for kind, place in (("touchStart", at(0.55, 0.55)), ("touchMove", at(0.5, 0.5)), ("touchMove", at(0.45, 0.45)), ("touchEnd", None)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": place[0], "y": place[1]}] if place else []})
    page.saved()
    near(study.box(photo, "trigger"), [moved[0] - 0.1 * width, moved[1] - 0.1 * height, *moved[2:]], 3)
    page.close()


def a_selection_undo_redo_and_reload(study, browser):
    """a label is applied to a selection, undone, redone and undone; after a reload the page shows the catalog"""
    before = study.labels()
    page = Page(browser).show(study, "?session=spring-office")
    page.press("Home", " ", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    page.wait("document.querySelectorAll('#grid .photo[aria-selected=true]').length === 5")
    chosen = page.page.eval_on_selector_all("#grid .photo[aria-selected=true]", "tiles => tiles.map(tile => tile.dataset.id)")
    name = triggers(study)[2]
    page.press("3", "f")
    page.saved()
    after = study.labels()
    assert all(after[photo][:3] == (before[photo][0], name, "off-face") for photo in chosen), [after[photo] for photo in chosen]
    page.press("Control+z")
    page.press("u")
    page.saved()
    undone = study.labels()
    assert all(undone[photo][:3] == before[photo][:3] for photo in chosen), [(undone[photo], before[photo]) for photo in chosen]
    page.press("Control+Shift+Z")
    page.press("Control+Shift+Z")
    page.saved()
    assert {photo: label[:3] for photo, label in study.labels().items()} == {photo: label[:3] for photo, label in after.items()}
    page.page.reload()
    page.page.wait_for_selector("#grid .photo img")
    shown = page.page.eval_on_selector_all("#grid .photo", "tiles => tiles.slice(0, 5).map(tile => tile.querySelector('.label').textContent)")
    assert shown == [f"{before[photo][0]} · {name} off-face" for photo in chosen], shown
    assert {photo: label for photo, label in after.items() if photo not in chosen} == {photo: label for photo, label in before.items() if photo not in chosen}
    page.page.select_option("#filter-trigger", name)
    page.wait("location.search.includes('trigger=')")
    page.page.go_back()
    page.wait("!location.search.includes('trigger=') && document.getElementById('filter-trigger').value === ''")
    page.close()


def a_killed_server_loses_no_change(study, browser):
    """changes during a failure of the server are kept, and sent after a new start; nothing else changes"""
    page = Page(browser).show(study, "?session=spring-garden")
    before, names, expected = study.labels(), triggers(study), {}
    photo = page.current()
    page.press("2", "f")
    page.saved()
    expected[photo] = (before[photo][0], names[1], "off-face")
    study.kill()
    for key, name in (("3", names[2]), ("4", names[3]), ("1", names[0])):
        page.press("ArrowRight", key, "o")
        expected[page.current()] = (before[page.current()][0], name, "on-face")
    page.wait("document.getElementById('saving').textContent.startsWith('not saved')")
    assert "does not respond" in page.text("#trouble"), page.text("#trouble")
    study.address = study.start()
    page.wait("document.getElementById('trouble').textContent.includes('new address')")
    page.open(study.address)
    study.cookies = page.context.cookies()
    page.saved()
    time.sleep(0.3)
    changed = {photo: label[:3] for photo, label in study.labels().items() if label[:3] != before[photo][:3]}
    assert changed == {photo: label for photo, label in expected.items() if label != before[photo][:3]}, (changed, expected)
    page.close()


def two_windows_and_one_conflict(study, browser):
    """two windows change one photo: the second window shows both values, and a person decides"""
    first = Page(browser).show(study, "?session=spring-office&trigger=none")
    second = Page(browser, context=first.context).show(study, "?session=spring-office&trigger=none")
    names = triggers(study)
    photo, person = first.current(), study.label(first.current())[0]
    first.press("1", "o")
    first.saved()
    second.press("2", "f")
    second.page.wait_for_selector("dialog.conflict")
    shown = second.text("dialog.conflict")
    assert names[0] in shown and names[1] in shown, shown
    assert study.label(photo)[:3] == (person, names[0], "on-face")
    second.page.click("#keep-mine")
    second.saved()
    assert study.label(photo)[:3] == (person, names[1], "off-face"), study.label(photo)
    first.press("3")
    first.page.wait_for_selector("dialog.conflict")
    first.page.click("#keep-theirs")
    first.saved()
    assert study.label(photo)[:3] == (person, names[1], "off-face")
    assert names[1] in first.text("#grid .photo.current .label")
    second.close()


def photos_without_javascript(study, browser):
    """without JavaScript the page shows photos, filters and the page of one photo"""
    context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]})
    page, images = context.new_page(), []
    page.on("response", lambda response: "/image/" in response.url and response.status == 200 and images.append(response.url))
    page.goto(f"http://127.0.0.1:{study.port}/")
    assert page.locator("a.photo").count() == 60 and page.locator("a.photo img").count() == 60
    assert page.locator("#pages a").count() >= 1 and page.locator("#filters form").count() == 1
    assert page.locator("#undo").is_hidden() and page.locator("noscript").count() == 1
    page.locator("a.photo").first.click()
    page.wait_for_load_state("networkidle")
    assert "/photo/" in page.url and page.locator("img").count() >= 1
    page.goto(f"http://127.0.0.1:{study.port}/?session={HOSTILE}")
    page.wait_for_load_state("networkidle")
    assert page.locator("a.photo").count() == len(HOSTILE_FILES)
    assert images
    context.close()


def hostile_names_are_text(study, browser):
    """markup, quotes, formulas and marks of direction in file names and notes are shown as text"""
    page = Page(browser).show(study, f"?session={HOSTILE}")
    shown = set(page.page.eval_on_selector_all("#grid .photo .name", "names => names.map(name => name.textContent)"))
    assert shown == set(HOSTILE_FILES), shown
    page.press("Home", "Enter")
    page.page.wait_for_selector("#viewer[open]")
    for _ in HOSTILE_FILES:
        assert HOSTILE_NOTE.strip() in page.page.locator("#side").text_content(), page.page.locator("#side").text_content()
        page.press("ArrowRight")
        page.page.wait_for_timeout(150)
    assert page.page.locator("#side script, #side b, #grid script, #grid img[src=x]").count() == 0
    page.close()


def findings_are_accepted_with_a_reason(study, browser):
    """a finding is accepted with a reason, which is required, and opened again"""
    page = Page(browser).show(study)
    page.page.click("#open-findings")
    page.page.wait_for_selector(".finding-item", timeout=60000)
    item = page.page.locator(".finding-item").first
    item.get_by_role("button", name="Accept with a reason").click()
    page.page.get_by_role("button", name="Accept the finding").click()
    assert "Write a reason" in page.text("dialog .problem")
    page.page.fill("dialog textarea", "Seen & checked by two people <b>")
    page.page.get_by_role("button", name="Accept the finding").click()
    page.wait("document.querySelector('.acceptance')?.textContent.includes('two people <b>')")
    page.page.get_by_role("button", name="Open the finding again").first.click()
    page.wait("!document.querySelector('.acceptance')")
    page.close()


def no_serious_accessibility_fault(study, browser):
    """axe-core finds no serious or critical fault, at both widths and in both colour schemes"""
    faults = []
    for size in (DESKTOP, PHONE):
        for scheme in ("light", "dark"):
            page = Page(browser, size, scheme)

            def check(view):
                for fault in page.page.evaluate(AXE + ";axe.run()")["violations"]:
                    if fault["impact"] in ("serious", "critical"):
                        faults.append((view, size[0], scheme, fault["id"], fault["nodes"][0]["target"]))
            page.show(study)
            check("grid")
            page.press(" ", "Shift+ArrowRight")
            check("selection")
            page.press("Escape", "Enter")
            page.page.wait_for_selector("#viewer[open]")
            check("photo")
            page.press("b")
            check("box")
            page.press("Escape", "v")
            page.page.wait_for_selector(".options")
            check("person")
            page.press("Escape", "?")
            check("keys")
            page.press("Escape", "Escape")
            page.page.click("#open-findings")
            page.page.wait_for_selector(".finding-item", timeout=60000)
            check("findings")
            page.press("Escape")
            page.page.click("#open-disagreements")
            page.page.wait_for_selector("#disagreements-body p")
            check("disagreements")
            page.close()
    assert not faults, faults


def a_page_without_the_token_shows_nothing(study, browser):
    """without the token of the address, the server shows no photo and no name"""
    for path in ("/", "/api/state", "/api/photos", "/?token=wrong"):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{study.port}{path}") as response:
                raise AssertionError((path, response.status))
        except urllib.error.HTTPError as error:
            assert error.code in (401, 403), (path, error.code)


def write_pictures(study, browser, folder):
    """Writes the screenshots of the documents."""
    folder.mkdir(parents=True, exist_ok=True)

    def picture(page, name):
        page.page.wait_for_timeout(800)
        page.page.screenshot(path=folder / f"{name}.png")

    page = Page(browser).show(study, "?session=spring-garden")
    page.press("ArrowRight", " ", "Shift+ArrowRight", "Shift+ArrowRight")
    picture(page, "review-grid")
    page.press("Escape", "Enter", "b")
    picture(page, "review-photo")
    page.press("Escape", "Escape")
    page.page.click("#open-findings")
    page.page.wait_for_selector(".finding-item", timeout=60000)
    picture(page, "review-findings")
    page.close()
    page = Page(browser, PHONE, "dark").show(study, "?session=spring-garden")
    page.press("Enter")
    picture(page, "review-phone")
    page.close()


CHECKS = [
    twenty_photos_by_keyboard, boxes_by_mouse_touch_and_keys, a_selection_undo_redo_and_reload, a_killed_server_loses_no_change, two_windows_and_one_conflict,
    photos_without_javascript, hostile_names_are_text, findings_are_accepted_with_a_reason, no_serious_accessibility_fault, a_page_without_the_token_shows_nothing,
]


def main():
    parser = argparse.ArgumentParser(description="Tests the page of curare review in Chromium.")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/curare")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="the checks whose names contain one of these texts")
    parser.add_argument("--pictures", type=pathlib.Path, help="write the screenshots of the documents into this folder")
    arguments = parser.parse_args()
    checks = [check for check in CHECKS if not arguments.only or any(name in check.__name__ for name in arguments.only)]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="curare-review-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        study = Study(arguments.program.resolve(), pathlib.Path(folder))
        study.address = study.start()
        try:
            for check in checks:
                try:
                    check(study, SignedIn(browser, study))
                    print("ok     ", check.__doc__.strip(), flush=True)
                except Exception as error:  # every error counts as one failed check, and the next check runs
                    failed += 1
                    print("FAILED ", check.__doc__.strip(), "--", repr(error)[:600], flush=True)
                if study.process.poll() is not None:
                    study.address = study.start()
            if arguments.pictures:
                write_pictures(study, SignedIn(browser, study), arguments.pictures)
        finally:
            study.kill()
            browser.close()
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


class SignedIn:
    """A browser whose windows have opened the printed address."""

    def __init__(self, browser, study):
        self.browser, self.study = browser, study

    def new_context(self, **options):
        context = self.browser.new_context(**options)
        if self.study.cookies is None:
            page = context.new_page()
            page.goto(self.study.address)
            page.close()
            self.study.cookies = context.cookies()
        context.add_cookies(self.study.cookies)
        return context


if __name__ == "__main__":
    main()
