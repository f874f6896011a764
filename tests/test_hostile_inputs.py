"""Seeds of hostile inputs: refused in a paragraph or drawn right, within 5 s of processor time and 500 MB."""

import io
import os
import unicodedata
import zipfile
from xml.parsers import expat

import numpy as np
import pytest
from tests.limited import CPU_SECONDS, MEGABYTES, POSIX, lamion

from lamion.formats.csv_table import spectrum_text
from lamion.records import ImpedanceSpectrum
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum

pytestmark = POSIX

HEAD = '[study]\ntitle = "a"\n[[sample]]\nname = "A"\n[[step]]\nid = "one"\ntask = "recipe"\neo_li = 18\n'
TRANSPORT = [
    "simulate", "transport", "--conductivity", "5.62e-4 S/cm", "--transference", "0.78", "--concentration", "2 mol/L",
    "--current", "1.2 mA/cm2", "--time", "60 s", "--thickness",
]  # fmt: skip


def zipped(*members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "x">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
)
STUDIES = {
    "an integer beyond all floats": HEAD + f"[not_computed]\na = 1{'0' * 400}\n",
    "a hexadecimal integer without end": HEAD + f"[not_computed]\na = 0x1{'0' * 100_000}\n",
    "a dotted key of 900 parts": HEAD + "[not_computed]\n" + ".".join("a" * 900) + " = 1\n",
    "dotted keys of 100,000 parts": HEAD + ("[not_computed]\n" + ".".join("a" * 100_000) + " = 1\n") * 3,
    "quoted keys of 10,000 parts": HEAD + '[not_computed]\n"a" . ' + ' . '.join(['"b"'] * 10_000) + " = 1\n",
    "arrays 100,000 deep": HEAD + "[not_computed]\na = " + "[" * 100_000,
    "arrays 200 deep": HEAD + "[not_computed]\na = " + "[" * 200 + "]" * 200 + "\n",
    "words without a dot": HEAD + "[not_computed]\na = " + "x" * 2_000_000 + "\n",
    "quotation marks without end": HEAD + '"' * 2_000_000,
    "more than a study has": HEAD + "# a\n" * 2_000_000,
    "a step's id of 300 letters": HEAD.replace("one", "o" * 300),
    "a quantity of 100,000 letters": HEAD.replace("eo_li = 18", f'eo_li = "9 {"m" * 3000}"'),
    "a list for a substance": HEAD.replace("eo_li = 18", 'sample = "A"').replace(
        'name = "A"', 'name = "A"\nrecipe = { polymer = ["peo"], salts = { litfsi = 18 } }'
    ),
}  # fmt: skip
FILES = {
    "one line of 2,000,000 numbers": b"1," * 2_000_000,
    "one line of 20 MB": b"x" * 20_000_000,
    "blank lines": b"\n" * 5_000_000,
    "a JSON 100,000 deep": b"[" * 100_000,
    "an XML of entities": (ENTITIES + "]><a>&a11;</a>").encode(),
    "an XML 100,000 deep": b"<a>" * 100_000,
    "a zip of zeros": zipped(("xl/worksheets/sheet1.xml", b"0" * 50_000_000), ("xl/workbook.xml", b"")),
    "a zip of many": zipped(*((f"{n}.xml", b"") for n in range(20_000))),
    "an array of 10^15 voxels": b"\x93NUMPY\x01\x00\x76\x00"
    + b"{'descr': '|u1', 'fortran_order': False, 'shape': (100000, 100000, 100000), }".ljust(117) + b"\n",
    "a table of 100,000 columns": b"a" + b",a" * 99_999 + b"\n" + b"1" + b",1" * 99_999 + b"\n",
}  # fmt: skip
TEXTS = {
    "a unit over units": [*TRANSPORT, "9 " + "um/" * 100 + "um"],
    "a unit of 100,000 letters": [*TRANSPORT, "9 " + "m" * 100_000],
    "powers that overflow": [*TRANSPORT, "9 Ym9/qm9/qm9/qm9/qm9"],
    "digits without end": [*TRANSPORT, "9" * 100_000 + " um"],
    "next to no thickness": [*TRANSPORT, "1e-300 um"],
    "a circuit 10,000 deep": ["analyze", "impedance", "cell.csv", "--circuit", "p(R1," * 10_000 + "C1" + ")" * 10_000],
    "a formula 10,000 deep": ["audit", "formula", "--formula", "(" * 10_000, "--unit", "1", "--values", "a=1"],
    "more units than one": ["read", "cell.csv", "--columns", "f=1," * 25_000],
    "no bias": ["analyze", "transference", "--bias", "10 mV", "--i0", "1e-300 mA", "--is", "1 mA", "--r0", "1 ohm",
                "--rs", "1 ohm"],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cell.csv").write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=4)))
    return tmp_path


def assert_refused(ended):
    assert ended.status == 2, ended.err[-2000:]
    assert "Traceback" not in ended.err
    assert len(ended.err) < 3000
    assert ended.err.count("\n") == 1
    assert ended.cpu < CPU_SECONDS
    assert ended.megabytes < MEGABYTES


@pytest.mark.parametrize("name", STUDIES)
def test_studies(folder, name):
    (folder / "study.toml").write_text(STUDIES[name])
    assert_refused(lamion("run", "study.toml", cwd=folder))


@pytest.mark.parametrize("name", FILES)
def test_files(folder, name):
    (folder / "a.dat").write_bytes(FILES[name])
    assert_refused(lamion("read", "a.dat", cwd=folder))


@pytest.mark.parametrize("name", TEXTS)
def test_texts(folder, name):
    assert_refused(lamion(*TEXTS[name], cwd=folder))


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "pipe"])
def test_devices_are_no_files(folder, device):
    os.mkfifo(folder / "pipe")
    (folder / "study.toml").write_text(HEAD.replace('"a"', f'"a"\nclaims = "{device}"', 1))
    for words in (["read", device], ["run", device], ["run", "study.toml"], ["read", "cell.csv", "--csv", device]):
        assert_refused(lamion(*words, cwd=folder))
    assert_refused(lamion("run", "study.toml", "--out", "/proc", cwd=folder))


@pytest.mark.slow
def test_a_hundred_thousand_points(folder):
    f = np.logspace(6, -2, 100_000)
    Z = (5.8 + 50 / (1 + 2j * np.pi * f * 1e-4)) * (1 + 0.003 * np.random.default_rng(1).standard_normal(f.size))
    (folder / "long.csv").write_text(spectrum_text(ImpedanceSpectrum(f, Z)))
    ended = lamion("analyze", "kk", "long.csv", cwd=folder, cpu=10)
    assert ended.status == 0
    assert ended.cpu < 10
    assert ended.megabytes < 1000


NAMES = [
    r"$\foo$ x.csv", "$x^$.csv", r"a\$b$.csv", "_cell.csv", "日本語.csv", "e\x1b[31m.csv", "'\"<&>.csv",
    "=cmd|'-C calc'!A0.csv", "a\u202egpj.csv", "-x.csv", "\udcff.csv", "n" * 251 + ".csv",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_are_drawn_as_they_are(folder, name):
    source = (folder / "cell.csv").read_text()
    for number, path in enumerate((name, "other.csv")):
        (folder / path).write_text(source.replace("\n100000", f"\n10000{number}", 1))
    given = ["analyze", "impedance", os.path.join(".", name), "other.csv", "--circuit", "R0-CPE1"]
    ended = lamion(*given, "--figure", "a.svg", "--csv", "a.csv", cwd=folder)
    assert (ended.status, ended.err) == (0, "")
    assert ended.cpu < CPU_SECONDS
    assert ended.megabytes < MEGABYTES
    expat.ParserCreate().Parse((folder / "a.svg").read_bytes(), True)
    cells = [line.split(",")[0] for line in (folder / "a.csv").read_text().splitlines()[2:]]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert not any(unicodedata.category(letter) == "Cc" for cell in cells for letter in cell)
