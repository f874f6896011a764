"""The undamaged files that the mutants start from: the tests' own texts, and real files when they are there."""

from __future__ import annotations

from pathlib import Path

from tests.formats import fixtures
from tests.formats.mutator import Seed

_PRINTED_IN_FOUR_DIGITS = 2e-3
_PRINTED_IN_SEVEN_DIGITS = 1e-5


def own_seeds() -> dict[str, Seed]:
    data, other = fixtures.spectrum(), fixtures.spectrum(900.0)
    seeds = (
        Seed("chi", fixtures.chi_text(data), ",", witnessed=_PRINTED_IN_FOUR_DIGITS, declares_limits=True),
        Seed(
            "eclab",
            fixtures.eclab_text([data, other]),
            "\t",
            "latin-1",
            witnessed=_PRINTED_IN_SEVEN_DIGITS,
            declares_limits=True,
        ),
        Seed("relaxis", fixtures.relaxis_text(data), "\t", witnessed=_PRINTED_IN_SEVEN_DIGITS),
        Seed("biologic csv", fixtures.biologic_csv(data), ",", witnessed=_PRINTED_IN_SEVEN_DIGITS),
        Seed("battery data format", fixtures.bdf_csv(data), ","),
        Seed("below a preamble", "Sample: pellet 3\nArea\t2.01\n\n" + fixtures.bdf_csv(data), ","),
        Seed("semicolons", fixtures.semicolon_csv(data), ";"),
        Seed("no headers", fixtures.bare_table(data), " ", columns="f=1,re=2,im=3"),
    )
    return {seed.name: seed for seed in seeds}


REAL_FILES = (
    "exampleDataCHInstruments.txt",
    "PEIS_LPSCl_IonBlocking_-25C.txt",
    "exampleDataBioLogic.mpt",
    "ex1.mpt",
    "PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt",
    "test_data.csv",
    "zarc_data.txt",
    "LIB_data.txt",
    "exampleData.csv",
)


def real_seed(folder: Path, name: str) -> Seed:
    content = (folder / "impedance" / name).read_bytes()
    encoding = "latin-1" if b"EC-Lab" in content[:20] else "utf-8"
    text = content.decode(encoding).replace("\r\n", "\n")
    if name.startswith("exampleDataCHI"):
        return Seed(name, text, ",", witnessed=_PRINTED_IN_FOUR_DIGITS, declares_limits=True)
    if encoding == "latin-1":
        return Seed(name, text, "\t", encoding, witnessed=_PRINTED_IN_SEVEN_DIGITS, declares_limits=True)
    if "RelaxIS" in name or name == "test_data.csv":
        return Seed(name, text, "," if name.endswith("csv") else "\t", witnessed=_PRINTED_IN_SEVEN_DIGITS)
    separators = {"zarc_data.txt": " ", "LIB_data.txt": "\t", "exampleData.csv": ","}
    return Seed(name, text, separators[name], columns="f=1,re=2,im=3")
