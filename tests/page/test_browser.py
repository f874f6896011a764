"""A person at the page, in a real browser: each flow from a file to what is taken home."""

import base64
import json
import re
import shlex

import pytest

from lamion.cli.main import main
from lamion.formats.csv_table import spectrum_text
from lamion.page.app import Page
from lamion.page.study import OpenStudy
from lamion.page.workspace import Workspace
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum
from lamion.synthetic.examples import example

pytestmark = pytest.mark.browser

CIRCUIT = "R0-p(R1,CPE1)-p(R2,CPE2)"
DROP = """(files) => {
  const transfer = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
}"""


def drop(page, files):
    page.evaluate(DROP, [[name, base64.b64encode(content).decode()] for name, content in files.items()])
    page.locator("#file-list li").nth(len(files) - 1).wait_for()
    page.locator("#status", has_text="added").wait_for()


def drawn(page, place="#plane"):
    page.wait_for_selector(f"{place} .scatterlayer path.point", state="attached")


def wait_until(page, told, seconds=10):
    """Ask again until it holds; the page's policy allows no waiting for texts of code."""
    for _ in range(int(seconds * 20)):
        if page.evaluate(told):
            return
        page.wait_for_timeout(50)
    raise AssertionError(told)


def at_rest(page, selector, numbers):
    """Return where elements lie, once they lie there for a while: what appears beside a plot moves it."""
    found = None
    for _ in range(100):
        before, found = found, [page.locator(selector).nth(number).bounding_box() for number in numbers]
        if found == before:
            return found
        page.wait_for_timeout(200)
    raise AssertionError(selector)


def fit(page, circuit=CIRCUIT):
    page.fill("#option-spectra-circuit", circuit)
    page.press("#option-spectra-circuit", "Tab")
    page.evaluate('document.getElementById("status").textContent = ""')
    with page.expect_response(of_the_form) as told:
        page.click("#spectra-form button.main")
    found = told.value.json()
    # Its plots stand by then: a gesture on one that is drawn anew is lost.
    wait_until(page, 'document.getElementById("status").textContent === "Done."')
    page.wait_for_selector("#spectra-answer .results")
    wait_until(page, f'document.getElementById("command").textContent === {json.dumps(found["command"])}')
    return found


def of_the_form(response):
    """Tell the form's own computation from the verdict's, which comes by itself."""
    return response.url.endswith("/api/run") and '"spectra-' in (response.request.post_data or "")


def command(page):
    return page.inner_text("#command")


def printed(words, capsys):
    assert main([*shlex.split(words)[1:], "--json"]) in (0, 1)
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def in_folder(tmp_path, monkeypatch, lithium_cell):
    (tmp_path / "lithium_cell.csv").write_bytes(lithium_cell)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def at_cell(open_page, lithium_cell):
    """The page with one spectrum dropped on it."""
    page = open_page(Page(Workspace()))
    drop(page, {"lithium_cell.csv": lithium_cell})
    drawn(page)
    page.locator("#verdict", has_text="Kramers-Kronig").wait_for()
    return page


def test_a_dropped_file_is_seen_judged_and_fitted_to_the_command_line_s_numbers(at_cell, in_folder, capsys):
    drawn(at_cell, "#bode")
    at_cell.locator("#verdict", has_text="Kramers-Kronig: valid").wait_for()
    found = fit(at_cell)
    assert found["answer"] == printed(command(at_cell), capsys)
    shown = dict(
        zip(
            *[at_cell.locator(f"#spectra-answer .results {cell}").all_inner_texts() for cell in ("th", "td")],
            strict=True,
        )
    )
    assert shown == {row["label"]: row["text"] for row in found["rows"]}
    assert shown["R2"] == "not determined"
    assert at_cell.locator("#spectra-answer .lost").first.inner_text() == "not determined"


def test_the_complex_plane_is_as_long_across_as_up_and_keeps_its_zoom(at_cell):
    fit(at_cell)
    ratio = """() => { const { xaxis: x, yaxis: y } = document.getElementById("plane")._fullLayout;
      return (x._length / (x.range[1] - x.range[0])) / (y._length / (y.range[1] - y.range[0])); }"""
    assert at_cell.evaluate(ratio) == pytest.approx(1.0, abs=0.01)
    zoom = 'Plotly.relayout("plane", { "xaxis.range": [30, 50], "yaxis.range": [5, 25] })'
    at_cell.evaluate(zoom)
    seen = 'document.getElementById("plane")._fullLayout.xaxis.range.map((end) => Math.round(end * 1e6))'
    before = at_cell.evaluate(seen)
    fit(at_cell, "R0-p(R1,CPE1)-W2")
    assert at_cell.evaluate(seen) == pytest.approx(before, rel=0.02)
    at_cell.click("#whole")
    wait_until(at_cell, f"JSON.stringify({seen}) !== '{json.dumps(before, separators=(',', ':'))}'")


def test_a_lasso_leaves_points_out_and_undo_takes_them_back(at_cell, in_folder, capsys):
    before = fit(at_cell)
    plain = command(at_cell)
    chosen = """document.getElementById("plane").data[0].customdata.slice(25, 28)
      .map((row) => row[0]).sort((a, b) => a - b)"""
    first, _, last = at_cell.evaluate(chosen)
    expected = f"{first}-{last}"
    at_cell.click("#lasso")
    wait_until(at_cell, 'document.getElementById("plane")._fullLayout.dragmode === "lasso"')
    boxes = at_rest(at_cell, "#plane .scatterlayer path.point", (25, 26, 27))
    left, right = min(box["x"] for box in boxes) - 4, max(box["x"] + box["width"] for box in boxes) + 4
    top, low = min(box["y"] for box in boxes) - 4, max(box["y"] + box["height"] for box in boxes) + 4
    with at_cell.expect_response(of_the_form):
        at_cell.mouse.move(left, top)
        at_cell.mouse.down()
        for x, y in ((right, top), (right, low), (left, low), (left, top)):
            at_cell.mouse.move(x, y, steps=4)
        at_cell.mouse.up()
    wait_until(at_cell, 'document.getElementById("command").textContent.includes("--leave-out")')
    masked = command(at_cell)
    numbers = re.search(r"--leave-out (\S+)", masked)[1]
    assert numbers == expected
    found = printed(masked, capsys)
    assert found["results"] != before["answer"]["results"]
    assert "61 points" not in at_cell.inner_text("#spectra-answer")
    at_cell.keyboard.press("Control+z")
    wait_until(at_cell, 'document.getElementById("command").textContent.indexOf("--leave-out") < 0')
    assert command(at_cell) == plain
    assert printed(plain, capsys) == before["answer"]
    at_cell.click("#redo")
    wait_until(at_cell, 'document.getElementById("command").textContent.includes("--leave-out")')
    assert command(at_cell) == masked


def test_of_sixty_dropped_files_with_a_bad_one_fifty_nine_rows_and_the_name_of_the_one_are_seen(open_page):
    files = {
        f"cell_{k:02}.csv": spectrum_text(blocking_cell_spectrum(BlockingCell(50.0 + k), seed=k)).encode()
        for k in range(60)
    }
    files["cell_17.csv"] = b"Dear diary\n"
    page = open_page(Page(Workspace()))
    drop(page, files)
    assert page.locator("#file-list li.refused").count() == 1
    page.focus("#file-list")
    page.keyboard.press("Control+a")
    found = fit(page, "R0-CPE1")
    assert page.locator("#spectra-answer .series tbody tr").count() == 59
    assert page.locator("#spectra-answer .refused th").all_inner_texts() == ["cell_17.csv"]
    assert len(found["answer"]["series"]["File"]) == 59


def test_fits_are_compared_beside_each_other(at_cell):
    for circuit in ("R0-p(R1,CPE1)-W2", CIRCUIT):
        fit(at_cell, circuit)
        at_cell.click("text=Keep to compare")
    assert at_cell.locator("#compare thead th").count() == 3
    assert "W2" in at_cell.inner_text("#compare")
    assert at_cell.locator("#compare .lost").count() == 1


def test_a_series_over_temperature_leads_to_its_activation_energy(open_page):
    files = {
        f"film_{T}C.csv": spectrum_text(blocking_cell_spectrum(BlockingCell(R), seed=T)).encode()
        for T, R in ((20, 80.0), (30, 52.0), (40, 35.0), (50, 24.0))
    }
    page = open_page(Page(Workspace()))
    drop(page, files)
    page.focus("#file-list")
    page.keyboard.press("Control+a")
    page.select_option("#action", "analyze arrhenius")
    page.wait_for_selector("#option-spectra-temperatures")
    wait_until(page, 'document.getElementById("option-spectra-temperatures").value.startsWith("20 degC, 30 degC")')
    page.fill("#option-spectra-thickness", "9 um")
    page.fill("#option-spectra-area", "2 cm2")
    page.press("#option-spectra-area", "Tab")
    page.click("#spectra-form button.main")
    page.wait_for_selector("#spectra-answer .results")
    assert "activation_energy" in page.inner_text("#spectra-answer .results")
    assert page.locator("#spectra-answer figure .plot .scatterlayer path.point").count() >= 4


def test_a_session_is_opened_again_as_it_was_and_saved_to_the_same_bytes(at_cell, open_page, tmp_path):
    fit(at_cell)
    at_cell.evaluate('document.getElementById("points-box").open = true')
    at_cell.focus("#points .scroll")
    at_cell.keyboard.press("Space")
    wait_until(at_cell, 'document.getElementById("command").textContent.includes("--leave-out 1")')
    at_cell.locator("#status", has_text="Done").wait_for()
    at_cell.wait_for_timeout(400)
    first = saved(at_cell, tmp_path / "first.json")
    told = at_cell.inner_text("#spectra-answer .results"), command(at_cell), at_cell.inner_text("#file-list")
    other = open_page(Page(Workspace()))
    asked = []
    other.on("request", lambda request: asked.append(request.url))
    other.set_input_files("#choose-session", first)
    other.locator("#status", has_text="open").wait_for()
    drawn(other)
    assert (other.inner_text("#spectra-answer .results"), command(other), other.inner_text("#file-list")) == told
    assert saved(other, tmp_path / "second.json").read_bytes() == first.read_bytes()
    assert not any(url.endswith("/api/run") for url in asked)


def saved(page, path):
    with page.expect_download() as told:
        page.click("#save-session")
    told.value.save_as(path)
    return path


def test_what_is_seen_is_taken_home(at_cell, tmp_path):
    fit(at_cell)
    for button, begins in (
        ("SVG", b"<?xml"),
        ("Figure as CSV", b"panel,"),
        ("Table as CSV", b"# synthetic"),
        ("JSON", b"{"),
    ):
        with at_cell.expect_download() as told:
            at_cell.locator("#spectra-answer .buttons button", has_text=re.compile(f"^{button}$")).click()
        told.value.save_as(tmp_path / "taken")
        assert (tmp_path / "taken").read_bytes().startswith(begins)
    at_cell.keyboard.press("x")
    with at_cell.expect_download() as told:
        at_cell.click("#export-html")
    told.value.save_as(tmp_path / "taken.html")
    alone = at_cell.context.new_page()
    asked = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(f"file://{tmp_path / 'taken.html'}")
    assert "analyze impedance lithium_cell.csv" in alone.inner_text("body")
    assert alone.evaluate("[...document.images].every((image) => image.naturalWidth > 100)")
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_all_of_it_goes_by_the_keyboard(open_page, tmp_path, lithium_cell):
    path = tmp_path / "lithium_cell.csv"
    path.write_bytes(lithium_cell)
    # Of many pages in one browser, only one has the keyboard.
    page = open_page(Page(Workspace()), alone=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    # The dialog itself is the browser's, which may withhold it from a window it believes unseen.
    page.evaluate("""document.getElementById("choose-files").addEventListener("click",
      (event) => { event.preventDefault(); document.body.dataset.choosing = "yes"; })""")
    page.focus("#drop")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-choosing]")
    page.set_input_files("#choose-files", path)
    drawn(page)
    page.focus("#file-list")
    page.keyboard.press("v")
    page.locator("#spectra-answer .verdict-line").first.wait_for()
    page.keyboard.press("f")
    page.locator("#spectra-answer th", has_text="R0").wait_for()
    page.keyboard.press("p")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    wait_until(page, 'document.getElementById("command").textContent.includes("--leave-out 2")')
    page.keyboard.press("z")
    wait_until(page, '!document.getElementById("command").textContent.includes("--leave-out")')
    page.locator("#status", has_text="Done").wait_for()
    page.keyboard.press("c")
    page.locator("#status", has_text="Copied").wait_for()
    assert (
        page.evaluate("navigator.clipboard.readText()") == command(page) == "lamion analyze impedance lithium_cell.csv"
    )
    page.keyboard.press("?")
    assert page.locator("#keys-dialog").is_visible()
    page.keyboard.press("Tab")
    page.evaluate('document.getElementById("single-keys").focus()')
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    assert page.locator("#spectra").is_visible()


def test_everything_that_acts_has_a_name(at_cell):
    nameless = """() => [...document.querySelectorAll("button, input, select, textarea, [role]:not([role=status])")]
      .filter((one) => one.offsetParent && !one.closest(".modebar") && !one.labels?.length && !one.textContent.trim())
      .filter((one) => !one.getAttribute("aria-label") && !one.title).map((one) => one.outerHTML.slice(0, 120))"""
    fit(at_cell)
    assert at_cell.evaluate(nameless) == []
    at_cell.keyboard.press("Escape")
    at_cell.click("[data-view=tasks]")
    at_cell.fill("#find-task", "energy")
    at_cell.click("#task-list .task-button")
    at_cell.wait_for_selector("#fill-example")
    assert at_cell.evaluate(nameless) == []


def test_light_and_dark(at_cell):
    fit(at_cell)
    seen = """() => { const [plane, bode] = ["plane", "bode"].map((id) => document.getElementById(id)._fullLayout);
      return [getComputedStyle(document.body).backgroundColor, plane.paper_bgcolor, bode.font.color]; }"""
    light = at_cell.evaluate(seen)
    at_cell.click("#theme")
    wait_until(at_cell, 'document.getElementById("bode")._fullLayout.paper_bgcolor === "#14181d"')
    dark = at_cell.evaluate(seen)
    assert dark == ["rgb(13, 16, 19)", "#14181d", "#e6e9ed"]
    assert not set(light) & set(dark)


@pytest.mark.parametrize("width", [420, 900, 1900])
def test_nothing_is_cut_at_any_width(open_page, lithium_cell, width):
    page = open_page(Page(Workspace()), width=width)
    drop(page, {"lithium_cell.csv": lithium_cell})
    drawn(page)
    fit(page)
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0
    page.click("[data-view=tasks]")
    page.fill("#find-task", "dqdv")
    page.click("#task-list .task-button")
    page.click("#fill-example")
    page.wait_for_selector("#task-answer .plot .main-svg")
    assert page.evaluate(over) <= 0
    outside = f"""() => [...document.querySelectorAll("button, input, select, svg.main-svg")]
      .filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect())
      .filter((box) => box.right > {width} + 1 || box.left < -1).length"""
    assert page.evaluate(outside) == 0


def test_a_slider_moves_the_profile(open_page):
    page = open_page(Page(Workspace()))
    page.click("[data-view=tasks]")
    page.fill("#find-task", "simulate transport")
    page.click("#task-list .task-button")
    page.click("#fill-example")
    page.wait_for_selector("#task-answer .plot .main-svg")
    drop_row = """[...document.querySelectorAll("#task-answer th")]
      .find((one) => one.textContent === "concentration_drop").nextSibling.textContent"""
    before = page.evaluate(drop_row)
    page.evaluate("""() => {
      const slider = document.getElementById("option-task-current").nextSibling;
      for (let k = 0; k < 20; k++) { slider.value = String(0.5 + 0.02 * k); slider.dispatchEvent(new Event("input")); }
    }""")
    wait_until(page, f"{drop_row} !== {json.dumps(before)}")
    asked = page.input_value("#option-task-current")
    wait_until(page, f'document.getElementById("command").textContent.includes({json.dumps(asked)})')
    assert asked != "1.2 mA/cm2"


DRAWN = (
    "analyze arrhenius", "analyze cycling", "analyze dqdv", "analyze dsc", "analyze isotherm", "analyze plating",
    "analyze raman", "analyze tga", "analyze xrd", "simulate energy", "simulate symmetric", "simulate sheet",
    "design window", "recipe",
)  # fmt: skip


def test_tasks_of_every_kind_show_form_figure_and_answer(open_page):
    page = open_page(Page(Workspace()))
    page.click("[data-view=tasks]")
    for name in DRAWN:
        page.fill("#find-task", name)
        page.click(f'[data-task="{name}"]')
        page.locator("#task-form h2", has_text=re.compile(f"^{name}$")).wait_for()
        with page.expect_response("**/api/run") as told:
            page.click("#fill-example")
        found = told.value.json()
        assert "error" not in found, found
        wait_until(page, f'document.getElementById("command").textContent === {json.dumps(found["command"])}')
        plots = [figure for figure in found["figures"] if "data" in figure]
        wait_until(page, f'document.querySelectorAll("#task-answer .plot .main-svg").length >= {len(plots)}')
        assert page.locator("#task-answer img").count() == len(found["figures"]) - len(plots)


def test_a_study_runs_and_a_claim_leads_to_its_step_figure_and_file(open_page, study_folder):
    page = open_page(Page(Workspace(), OpenStudy(study_folder)))
    page.click("[data-view=study]")
    page.click("#run-study")
    page.wait_for_selector("#verdicts")
    assert page.locator("#verdicts tbody tr").count() == 2
    page.click("#verdicts button")
    page.wait_for_selector("#study-step .plot .scatterlayer path.point", state="attached")
    with page.expect_download() as told:
        page.locator("#study-step .buttons button").first.click()
    assert told.value.suggested_filename == "synthetic_film_60C_cell1.csv"
    assert command(page).startswith("lamion run ")


def test_what_is_refused_is_said_and_the_page_goes_on(at_cell):
    at_cell.fill("#option-spectra-circuit", "R0-p(R1,")
    at_cell.press("#option-spectra-circuit", "Tab")
    at_cell.click("#spectra-form button.main")
    at_cell.locator("#spectra-answer .error").wait_for()
    assert "circuit" in at_cell.inner_text("#spectra-answer .error")
    fit(at_cell)


def test_the_button_that_shares_is_absent(at_cell):
    titles = at_cell.evaluate('[...document.querySelectorAll(".modebar-btn")].map((one) => one.dataset.title ?? "")')
    assert titles
    assert not any(re.search("share|cloud|studio", title, re.IGNORECASE) for title in titles)


def test_raman_is_drawn_as_it_was_read(open_page):
    page = open_page(Page(Workspace()))
    drop(page, {"raman.csv": example("raman.csv")})
    drawn(page)
    assert not page.locator("#bode").is_visible()
