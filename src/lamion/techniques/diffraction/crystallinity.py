r"""The share of what is crystalline, by area.

.. math:: x_c = \frac{\sum A_\mathrm{peaks}}{\sum A_\mathrm{peaks} + \sum A_\mathrm{halos}}

K-alpha2 counts with its peak; a halo is too broad for one of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lamion.quantities import Quantity
from lamion.techniques.diffraction.lines import HALO, Fitted
from lamion.techniques.diffraction.reading import is_plain
from lamion.techniques.peaks.decomposition import Estimate
from lamion.techniques.peaks.fit import PeakFit
from lamion.techniques.peaks.peaks import SOURCE


def crystallinity(fitted: Sequence[Fitted]) -> dict[str, Quantity]:
    """Return the peaks' share of the area of peaks and halos; of one halo by the profile of its share."""
    window = fitted[0]
    names = list(window.found.names)
    halos = [name for name in names if name.startswith(HALO)]
    if not halos:
        return {}
    if len(halos) == len(names):
        return {"crystallinity": Quantity(0.0, None, "1", SOURCE)}
    if len(halos) == 1:
        return {"crystallinity": _of_the_rest(window.found.share(halos[0]))}

    def narrow(fit: PeakFit) -> float:
        areas = {name: float(fit.parameter(name, "area")[0]) for name in names}
        total = sum(areas.values())
        return 1.0 - sum(areas[name] for name in halos) / total if total > 0.0 else 0.0

    return {"crystallinity": window.found.derived(narrow, 0.0, 1.0).quantity("1", SOURCE)}


def _of_the_rest(halo: Estimate) -> Quantity:
    """Return one less a share."""
    own = halo.quantity("1", SOURCE)

    def turned(ends: Any) -> Any:
        return None if ends is None else tuple(None if end is None else 1.0 - end for end in reversed(ends))

    return Quantity(
        1.0 - own.value, own.std, "1", SOURCE, None if is_plain(own) else turned(own.interval), turned(own.interval_95)
    )
