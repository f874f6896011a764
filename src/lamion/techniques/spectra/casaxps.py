"""A fit as CasaXPS stores it in the comment of a VAMAS block, rebuilt: background, components and their sum.

A region is ``CASA region (*name*) (*background*) low high ...`` in kinetic energy, with the points that are averaged at
its ends and the cross-section of a Tougaard background; a component ``CASA comp (*name*) (*shape*) Area ... MFWHM ...
Position ...``, the area in counts per second times eV.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError
from lamion.records import PhotoelectronSpectrum
from lamion.techniques.peaks.component import Component, Setting
from lamion.techniques.peaks.shapes import shape_named
from lamion.techniques.spectra.shirley import shirley
from lamion.techniques.spectra.tougaard import CrossSection, losses

Array = NDArray[np.float64]

_NUMBER = r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
_REGION = re.compile(rf"CASA region \(\*(?P<name>.*?)\*\) \(\*(?P<background>.*?)\*\)(?P<numbers>(?: {_NUMBER})+)")
_COMPONENT = re.compile(
    rf"CASA comp \(\*(?P<name>.*?)\*\) \(\*(?P<shape>.*?)\*\) Area (?P<area>{_NUMBER}) .*?"
    rf"MFWHM (?P<width>{_NUMBER}) .*?Position (?P<position>{_NUMBER}) "
)
_SHAPE = re.compile(r"(?P<name>[A-Z]+)\((?P<numbers>[\d.,\s-]*)\)")
_LF_KNOWN = ("80", "100", "6")
_LF_WIDTHS = (0.81, 8.6)
"""The Gaussian and the damping of LF(a, b, 80, 100, 6), over the width."""
_KNOWN = "LF(a,b,80,100,6), SGL(n), and the backgrounds Linear, Shirley, U 2 Tougaard and U 3 Tougaard"


@dataclass(frozen=True)
class StoredComponent:
    """A component as it is stored.

    Parameters
    ----------
    component : Component
        With every parameter fixed, the area in counts times eV.
    shape : str
        As CasaXPS writes it.
    area : float
        In counts per second times eV.
    """

    component: Component
    shape: str
    area: float

    def value(self, name: str) -> float:
        """Return one of its parameters."""
        start = self.component.setting(name).start
        assert start is not None  # noqa: S101  all are fixed
        return start

    def at(self, energy: Array) -> Array:
        """Return its ordinate in counts at binding energies in eV."""
        t = (energy - self.value("position")) / self.value("width")
        own = [np.array([[self.value(extra.name)]]) for extra in self.component.line.extras]
        profile = shape_named(self.component.shape).profile(t[None], *own)[0]
        return np.asarray(self.value("area") / self.value("width") * profile)

    @property
    def maximum(self) -> float:
        """Where it is largest, eV; aside of its position where its shape leans."""
        line = self.component.line
        return self.value("position") + self.value("width") * line.maximum(*(self.value(e.name) for e in line.extras))


@dataclass(frozen=True, eq=False)
class StoredFit:
    """What is stored, over the binding energies of its region.

    Parameters
    ----------
    energy, counts, background : array, shape (n,)
        Binding energy in eV, rising, and counts.
    components : tuple of StoredComponent
        By rising binding energy.
    region, kind : str
        The region's name, and its background as CasaXPS names it.
    """

    energy: Array
    counts: Array
    background: Array
    components: tuple[StoredComponent, ...]
    region: str
    kind: str

    @property
    def envelope(self) -> Array:
        """The background and all components, counts."""
        return np.asarray(self.background + sum(one.at(self.energy) for one in self.components))


def stored_fit(record: PhotoelectronSpectrum) -> StoredFit:
    """Rebuild the fit that is stored with a spectrum.

    Parameters
    ----------
    record : PhotoelectronSpectrum
        As a VAMAS file of CasaXPS gives it.

    Raises
    ------
    InputError
        When none is stored, or one whose background or shapes are not known.
    """
    lines = [text for name, text in record.metadata.items() if name.startswith("Comment ")]
    regions = [found for line in lines if (found := _REGION.match(line))]
    stored = [found for line in lines if (found := _COMPONENT.match(line))]
    if len(regions) != 1 or not stored or record.photon_energy is None:
        raise InputError(
            f"The spectrum holds {len(regions)} regions and {len(stored)} components of CasaXPS.",
            "Only CasaXPS stores a fit in its VAMAS files, and only once one was made.",
            "Fit components with --position or --components instead.",
        )
    seconds = float(record.metadata.get("Time / s", "nan"))
    if not seconds > 0.0:
        raise InputError(
            "The file does not say over which time it was counted.", "", "Save it again from CasaXPS as VAMAS."
        )
    numbers = [float(one) for one in regions[0]["numbers"].split()]
    order = np.argsort(record.energy)
    energy, counts = record.energy[order], record.counts[order]
    ends = sorted(record.photon_energy - one for one in numbers[:2])
    inside = np.flatnonzero((energy >= ends[0] - 1e-9) & (energy <= ends[1] + 1e-9))
    if len(inside) < 10:
        raise InputError("The region of the stored fit lies outside of the spectrum.", "", "Check the file.")
    background = _background(regions[0]["background"], numbers, energy, counts, inside)
    components = [_component(one, record.photon_energy, seconds) for one in stored]
    components.sort(key=lambda one: one.value("position"))
    kept = tuple(components)
    return StoredFit(energy[inside], counts[inside], background, kept, regions[0]["name"], regions[0]["background"])


def _background(kind: str, numbers: Sequence[float], energy: Array, counts: Array, inside: NDArray[np.intp]) -> Array:
    x, y = energy[inside], counts[inside]
    reach = int(numbers[3] // 2) if len(numbers) > 3 else 0
    first = float(counts[max(inside[0] - reach, 0) : inside[0] + reach + 1].mean())
    last = float(counts[inside[-1] - reach : inside[-1] + reach + 1].mean())
    if kind == "Linear":
        return np.interp(x, x[[0, -1]], [first, last])
    if kind == "Shirley":
        return shirley(x, y).background
    if kind in ("U 2 Tougaard", "U 3 Tougaard") and len(numbers) >= 10:
        scale, square, width, gap = numbers[6:10]
        section = CrossSection(scale, square, width if kind.startswith("U 3") else None, gap)
        return first + losses(x, y, first, section)
    raise InputError(f"The stored background '{kind}' is not known.", "", f"Known are {_KNOWN}.")


def _component(match: re.Match[str], photon: float, seconds: float) -> StoredComponent:
    found = _SHAPE.fullmatch(match["shape"])
    numbers = [one.strip() for one in found["numbers"].split(",")] if found else []
    position, width, area = photon - float(match["position"]), float(match["width"]), float(match["area"])
    values = {"position": position, "width": width, "area": area * seconds}
    if found and found["name"] == "SGL" and len(numbers) == 1:
        shape, extras = "pseudo-voigt", {"mixing": _share_of_area(float(numbers[0]) / 100.0)}
    elif found and found["name"] == "LF" and tuple(numbers[2:]) == _LF_KNOWN:
        gauss, damping = _LF_WIDTHS
        shape = "asymmetric-lorentzian"
        extras = {"high": float(numbers[0]), "low": float(numbers[1]), "gauss": gauss, "damping": damping}
    else:
        raise InputError(
            f"The stored line shape '{match['shape']}' is not known.",
            "CasaXPS does not say how the last numbers of its LA and LF shapes become widths.",
            f"Known are {_KNOWN}.",
        )
    settings = {name: Setting(value, fixed=True) for name, value in (values | extras).items()}
    return StoredComponent(Component(f"{position:.2f}", shape, settings), match["shape"], area)


def _share_of_area(height: float) -> float:
    """Return the Lorentzian's share of the area, from its share of the height, at one width."""
    lorentz, gauss = height * np.pi / 2.0, (1.0 - height) * np.sqrt(np.pi / (4.0 * np.log(2.0)))
    return float(lorentz / (lorentz + gauss))


@dataclass(frozen=True)
class TableRow:
    """A line of CasaXPS' table of results.

    Parameters
    ----------
    name : str
        Of the component.
    position, width, area : float
        eV, eV, counts per second times eV.
    """

    name: str
    position: float
    width: float
    area: float


_COLUMNS = ("Name", "Position", "FWHM", "Raw Area")


def results_table(data: bytes, name: str) -> tuple[TableRow, ...]:
    """Read CasaXPS' table of results.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        For messages.

    Raises
    ------
    InputError
        When it holds none, or a row is not whole.
    """
    lines = [line.split("\t") for line in data.decode("latin-1").splitlines()]
    start = next((k for k, cells in enumerate(lines) if tuple(cells[:4]) == _COLUMNS), None)
    if start is None:
        raise InputError(f"{name} holds no table of CasaXPS' results.", "", "Export it with Name, Position and FWHM.")
    rows = []
    for number, cells in enumerate(lines[start + 1 :], start + 2):
        if not any(cell.strip() for cell in cells):
            break
        try:
            rows.append(TableRow(cells[0].strip(), *(float(cell) for cell in cells[1:4])))
        except (ValueError, TypeError) as error:
            raise InputError(
                f"{name}, line {number}: the row '{' '.join(cells)[:60]}' is not whole.", "", "Export the table again."
            ) from error
    return tuple(rows)


def differs(stored: StoredFit, rows: Sequence[TableRow], tolerances: Mapping[str, float] | None = None) -> str:
    """Say where a table of results is of another fit than the stored one; empty where it is of the same.

    Parameters
    ----------
    stored : StoredFit
        The fit.
    rows : sequence of TableRow
        The table's.
    tolerances : Mapping of str to float, optional
        How far ``position``, ``width`` (eV) and ``area`` (relative) may be apart by rounding.
    """
    allowed = {"position": 0.011, "width": 0.011, "area": 1e-4} | dict(tolerances or {})
    if len(rows) != len(stored.components):
        return (
            f"The table of results is of another fit: {len(rows)} components against {len(stored.components)} stored."
        )
    found = []
    for one, row in zip(stored.components, sorted(rows, key=lambda row: row.position), strict=True):
        if abs(row.area / one.area - 1.0) > allowed["area"]:
            found.append(f"area {row.area:.0f} against {one.area:.0f} near {one.value('position'):.2f} eV")
        elif abs(row.position - one.value("position")) > allowed["position"]:
            found.append(f"position {row.position:.2f} against {one.value('position'):.2f} eV")
        elif abs(row.width - one.value("width")) > allowed["width"]:
            found.append(f"width {row.width:.2f} against {one.value('width'):.2f} eV")
    return f"The table of results is of another fit than the stored one: {', '.join(found)}." if found else ""
