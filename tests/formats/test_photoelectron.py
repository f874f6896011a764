"""Files of photoelectron spectrometers: right where they are whole, refused or doubted where they are damaged."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from tests.formats import instruments
from tests.formats.instruments import InstrumentSeed, edits, reads_or_refuses, tables
from tests.formats.mutator import Mutant, Seed, Verdict, mutants

from lamion.formats import RawFile, read, read_raw
from lamion.quantities import FileFormatError, InputError

PHOTON = 1486.6
BINDING = np.round(np.arange(295.0, 280.0, -0.25), 2)
COUNTS = np.round(400 + 3000 * np.exp(-(((BINDING - 284.8) / 1.1) ** 2)) + 40 * np.sin(7 * BINDING))
TRANSMISSION = np.round(20.0 + 0.01 * (BINDING - 280.0), 4)


def vamas_text(*, regular: bool, unit: str = "d", seconds: float = 0.5, scans: int = 2, limits: bool = True) -> str:
    """One block of C 1s with a transmission, kinetic energies irregular, binding energies regular."""
    kinetic = np.round(PHOTON - BINDING, 2)
    columns = [COUNTS, TRANSMISSION] if regular else [kinetic, COUNTS, TRANSMISSION]
    table = np.array(columns).T
    names = ["Intensity", unit, "transmission", "d"]
    abscissa = ["Binding Energy", "eV", "295", "-0.25"] if regular else []
    variables = names if regular else ["Kinetic Energy", "eV", *names]
    ends = [f"{end:g}" for column in columns for end in ((column.min(), column.max()) if limits else (0, 1))]
    head = [
        "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4",
        "Institute",
        "Model",
        "Operator",
    ]
    head += ["Experiment", "1", "made by a test", "NORM", "REGULAR" if regular else "IRREGULAR", "1"]
    head += ["1", "Exp Variable", "d", "0", "0", "0", "0", "1"]
    block = [
        "C 1s/1",
        "pellet",
        "2023",
        "8",
        "24",
        "14",
        "19",
        "47",
        "0",
        "1",
        "CASA comp (*C 1s*)",
        "XPS",
        "3.5",
        "Al",
    ]
    block += [f"{PHOTON}", *["1e+037"] * 5, "FAT", "20", *["1e+037"] * 7, "C", "1s", "-1", *abscissa]
    block += [f"{len(variables) // 2}", *variables, "pulse counting", f"{seconds}", f"{scans}", *["1e+037"] * 4]
    block += ["1", "MFP Exponent", "d", "0", f"{table.size}", *ends]
    values = [f"{value:.10g}" for value in table.ravel()]
    return "\n".join([*head, *block, *values, "end of experiment"]) + "\n"


def specs_text(*, scans: int = 2, rate: bool = False) -> str:
    """One region in several scans, each a little larger than the one before."""
    label = "counts/s" if rate else "counts"
    head = ["# Created by:        SpecsLab Prodigy", "#", "# XY-Serializer Export Settings:"]
    head += ["#   Energy Axis:              Binding Energy"]
    head += [f"#   Count Rate:               {'Counts per Second' if rate else 'Counts'}"]
    head += ["#   Separate Scan Data:       yes", "#", "# Group:                        pellet", "#"]
    head += ["# Region:                       C1s", "# Values/Curve:                 60"]
    head += ["# Dwell Time:                   0.5", f"# Excitation Energy:            {PHOTON}"]
    head += ["# Binding Energy:               295", "", "# Cycle: 0", "#", f"# Number of Scans: {scans}", ""]
    body = []
    for scan in range(scans):
        body += [f"# Cycle: 0, Curve: 0, Scan: {scan}", "#", f"# ColumnLabels:                 energy {label}", "#"]
        body += [f"{e:g}  {c + 10 * scan:g}" for e, c in zip(BINDING, COUNTS, strict=True)]
    return "\n".join([*head, *body]) + "\n"


def casaxps_text() -> str:
    """One component over a background, as CasaXPS exports it."""
    background = np.full(len(BINDING), 400.0)
    component = background + 3000 * np.exp(-(((BINDING - 284.8) / 1.1) ** 2))
    head = ["Cycle 0:pellet:C1s", f"\tCharacteristic Energy eV\t{PHOTON:.6e}\tAcquisition Time s\t2.000000e+000\t"]
    head += ["Name\t\tC 1s\t", "Position\t\t284.80\t", "FWHM\t\t1.83\t", "Area\t\t2924.70\t", "Lineshape\t\tSGL(0)\t"]
    titles = "K.E.\tCounts\tC 1s\tBackground\tEnvelope\t\tB.E.\tCPS\tC 1s\tBackground CPS\tEnvelope CPS"
    rows = []
    for energy, *ordinates in zip(BINDING, COUNTS, component, background, component, strict=True):
        once = [f"{value:.6e}" for value in (PHOTON - energy, *ordinates)]
        per_second = [f"{value:.6e}" for value in (energy, *(one / 2 for one in ordinates))]
        rows.append("\t".join([*once, "", *per_second]))
    return "\n".join([*head, titles, *rows]) + "\n"


class _Numbers(InstrumentSeed):
    """Numbers that stand one a line, or in columns whose names cannot move with them."""

    @cached_property
    def titles(self) -> int | None:
        return None


def _seed(
    name: str, text: str, first: int, stop: int, separator: str = "\t", *, counted: bool = True
) -> InstrumentSeed:
    """Return the seed of a text that declares how many points it has, or does not."""
    return _Numbers(name, text, separator, first=first, stop=stop, named=(), declares_limits=counted)


def _vamas_seed(name: str, text: str) -> InstrumentSeed:
    lines = text.split("\n")
    end = lines.index("end of experiment")
    return _seed(name, text, end - 60 * (3 if "IRREGULAR" in lines else 2), end)


def _specs_seed(name: str, text: str) -> InstrumentSeed:
    lines = text.split("\n")
    first = next(k for k, line in enumerate(lines) if "ColumnLabels" in line) + 2
    return _seed(name, text, first, first + 56, "  ")


def _casaxps_seed(name: str, text: str) -> InstrumentSeed:
    return _seed(name, text, 8, len(text.split("\n")) - 1, counted=False)


SEEDS = {
    "vamas regular": _vamas_seed("regular.vms", vamas_text(regular=True)),
    "vamas irregular": _vamas_seed("irregular.vms", vamas_text(regular=False)),
    "specs": _specs_seed("region.xy", specs_text()),
    "casaxps": _casaxps_seed("components.txt", casaxps_text()),
}
REAL = {
    "regular.vms": _vamas_seed,
    "irregular.vms": _vamas_seed,
    "FeO_analyzed.vms": _vamas_seed,
    "MgFe2O4_small.xy": _specs_seed,
    "FeO_analyzed_lineshapes_cols.txt": _casaxps_seed,
}


def _judge(seed: Seed, mutant: Mutant) -> Verdict:
    try:
        found = read_raw(RawFile(seed.name, mutant.content))
    except InputError:
        return Verdict.REFUSED
    except Exception:  # noqa: BLE001  any other exception is what is being looked for
        return Verdict.RAW
    truth = seed.truth
    pairs = list(zip(found.records, truth.records, strict=False))
    same = len(found.records) == len(truth.records) and all(_same(one, other) for one, other in pairs)
    if same:
        return Verdict.RIGHT
    if set(found.warnings) - set(truth.warnings):
        return Verdict.WARNED
    traceless = len(found.records) == len(truth.records) and all(
        _without_trace(seed, one, other) for one, other in pairs
    )
    return Verdict.UNDETECTABLE if traceless and not mutant.benign else Verdict.SILENT


def _columns(record) -> dict[str, np.ndarray]:
    return {name: np.asarray(column) for name, column in record.columns().items()}


def _same(one, other) -> bool:
    found, truth = _columns(one), _columns(other)
    return (
        type(one) is type(other)
        and found.keys() == truth.keys()
        and all(np.array_equal(found[name], truth[name]) for name in found)
        and (one.counted, one.photon_energy) == (other.counted, other.photon_energy)
    )


def _without_trace(seed: Seed, one, other) -> bool:
    """Tell whether the file shows nothing: a count or two, a number above all, or a label that is not needed.

    Where no count of points is declared, whole lines may lack at an end.
    """
    found, truth = _columns(one), _columns(other)
    if type(one) is not type(other):
        return False
    if len(one) != len(other):
        ends = (slice(len(one)), slice(-len(one), None))
        cut = any(all(np.array_equal(found[name], truth[name][part]) for name in truth) for part in ends)
        return cut and not seed.declares_limits
    energy = found["Binding Energy / eV"] - truth["Binding Energy / eV"]
    moved = np.ptp(energy) < 1e-6 or np.allclose(np.diff(np.diff(energy)), 0.0, atol=1e-6)
    shared = found.keys() & truth.keys() - {"Binding Energy / eV"}
    events = found["Counts / 1"], truth["Counts / 1"]
    scaled = np.ptp(events[0] / np.where(events[1] == 0, 1, events[1])) < 1e-3 or one.counted != other.counted
    few = all(np.count_nonzero(found[name] != truth[name]) <= 2 for name in shared)
    return bool(moved and (few or scaled))


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SEEDS)
def test_mutants(name: str, count: int) -> None:
    seed = SEEDS[name]
    instruments.check(seed, _mutants(seed, count), _judge, undetectable=0.2)


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", REAL)
def test_mutants_of_real_files(name: str, count: int, real_data: Path) -> None:
    text = (real_data / "xps" / name).read_bytes().decode().replace("\r\n", "\n")
    seed = REAL[name](name, text)
    instruments.check(seed, _mutants(seed, count), _judge, undetectable=0.35)


def _mutants(seed: InstrumentSeed, count: int) -> list[Mutant]:
    """Return the mutator's, without an exchange of columns by names, which these tables do not have."""
    return [one for one in mutants(seed, count) if one.kind != "exchange columns with headers"]


@pytest.mark.parametrize("name", SEEDS)
def test_any_edit_is_read_or_refused(name: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(edits(SEEDS[name]))
    def check(content: bytes) -> None:
        reads_or_refuses(content)

    check()


@pytest.mark.parametrize("name", SEEDS)
def test_any_table_is_read_or_refused(name: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(tables(SEEDS[name]))
    def check(content: bytes) -> None:
        reads_or_refuses(content)

    check()


def _one(text: str):
    return read_raw(RawFile("file", text.encode())).records[0]


@pytest.mark.parametrize("regular", [True, False])
def test_a_block_says_energies_counts_transmission_and_time(regular: bool) -> None:
    record = _one(vamas_text(regular=regular))
    assert np.array_equal(record.energy, BINDING)
    assert np.array_equal(record.counts, COUNTS)
    assert np.array_equal(record.transmission, TRANSMISSION)
    assert (record.counted, record.photon_energy, record.region) == (1.0, PHOTON, "C 1s")
    assert record.metadata["Comment 1"] == "CASA comp (*C 1s*)"


def test_a_rate_becomes_whole_events_where_it_was_counted() -> None:
    record = _one(vamas_text(regular=True, unit="c/s", seconds=2.0, scans=3))
    assert record.counted == 6.0
    assert np.array_equal(record.counts, 6.0 * COUNTS)
    assert _one(vamas_text(regular=True, unit="c/s", seconds=1 / 3, scans=1)).counted is None


def test_scans_are_added_and_rates_averaged() -> None:
    added = _one(specs_text(scans=3))
    assert np.array_equal(added.counts, 3 * COUNTS + 30)
    assert (added.counted, added.region) == (1.5, "C1s")
    averaged = _one(specs_text(scans=3, rate=True))
    assert np.allclose(averaged.counts / (averaged.counted or 1.0), COUNTS + 10)


def test_a_transition_with_a_zero_byte_behind_it_is_read_as_multipak_writes_it() -> None:
    content = vamas_text(regular=True).encode().replace(b"\n1s\n", b"\n1s\x00\n")
    assert read_raw(RawFile("file", content)).records[0].region == "C 1s"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\nNORM\n", "\nSDP\n", "experiment mode NORM"),
        ("\nIRREGULAR\n", "\nMAPPING\n", "REGULAR or IRREGULAR"),
        ("\nXPS\n", "\nSIMS\n", "photoelectron spectrum"),
        ("\n180\n", "\n177\n", "declared|end of experiment"),
        ("\nend of experiment\n", "\n", "end of experiment|end of the file"),
        ("\nIntensity\nd\n", "\nIntensity\nA\n", "counts per second"),
        ("Kinetic Energy", "Time", "binding or kinetic energy"),
        (f"\n{PHOTON}\n", "\n1e+037\n", "photon energy"),
    ],
)
def test_a_block_that_cannot_be_is_refused(old: str, new: str, said: str) -> None:
    text = vamas_text(regular=False)
    assert old in text
    with pytest.raises(FileFormatError, match=said):
        _one(text.replace(old, new, 1))


def test_an_anode_has_its_energy() -> None:
    found = read_raw(RawFile("file", vamas_text(regular=True).replace("1486.6", "1586.6").encode()))
    assert any("that of Al is 1486.6 eV" in warning for warning in found.warnings)


def test_real_files_agree_with_each_other(real_data: Path) -> None:
    folder = real_data / "xps"
    irregular, regular = (read(folder / name).records[0] for name in ("irregular.vms", "regular.vms"))
    text = read(folder / "MgFe2O4_small.xy").records[0]
    assert np.allclose(irregular.energy, text.energy)
    assert np.allclose(irregular.counts, text.counts, rtol=1e-5)
    assert np.allclose(regular.energy, text.energy)
    assert np.allclose(10 * regular.counts, text.counts, rtol=1e-5)
    stored, exported = (read(folder / f"FeO_analyzed{end}").records[0] for end in (".vms", "_lineshapes_cols.txt"))
    assert np.array_equal(stored.energy, exported.energy)
    assert np.array_equal(stored.counts, exported.counts)
    phi = read(folder / "Multipak_vms.npl").records
    assert [one.region for one in phi] == ["C 1s", "O 1s", "S 2p", "N 1s", "Mo 3d"]
    assert [one.counted for one in phi] == [0.4, 0.4, 0.8, 0.8, 0.8]
    assert phi[0].counts.max() == 6265.0 * 0.4
    polymer = read(folder / "PET_C1s.csv", columns="energy=1 eV,counts=2").records[0]
    assert len(polymer) == 401


def test_results_without_a_spectrum_are_said_to_be_that(real_data: Path) -> None:
    with pytest.raises(FileFormatError, match="CasaXPS' results of a fit"):
        read(real_data / "xps" / "FeO_analyzed_results.csv")


def test_the_library_reads_the_same(real_data: Path) -> None:
    vamas = pytest.importorskip("vamas")
    block = vamas.Vamas(str(real_data / "xps" / "regular.vms")).blocks[0]
    ours = read(real_data / "xps" / "regular.vms").records[0]
    assert np.allclose(block.corresponding_variables[0].y_values, ours.counts)
