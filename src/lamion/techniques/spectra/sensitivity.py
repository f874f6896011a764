"""How strong a line of each element is: Scofield's photoionisation cross-sections for Al K-alpha, C 1s as one.

References
----------
J. H. Scofield, J. Electron Spectrosc. Relat. Phenom. 8 (1976) 129, doi:10.1016/0368-2048(76)80015-1.
"""

from __future__ import annotations

import re

from lamion.quantities.errors import InputError

AL_K_ALPHA = 1486.6
"""eV"""
SCOFIELD = {
    "Li 1s": 0.0568,
    "B 1s": 0.486,
    "C 1s": 1.0,
    "N 1s": 1.80,
    "O 1s": 2.93,
    "F 1s": 4.43,
    "Mg 1s": 11.18,
    "Al 2p": 0.537,
    "Si 2p": 0.817,
    "P 2p": 1.192,
    "S 2p": 1.677,
    "Cl 2p": 2.285,
    "Ti 2p": 7.91,
    "Mn 2p": 13.91,
    "Fe 2p": 16.42,
    "Co 2p": 19.16,
    "Ni 2p": 22.18,
    "Cu 2p": 25.39,
}
"""Both lines of a doublet together."""


def line_named(region: str) -> str:
    """Return the usual name of a line, as in ``"Fe 2p"`` for ``"Fe2p"``.

    Examples
    --------
    >>> line_named("C1s"), line_named("O 1s Scan"), line_named("Survey")
    ('C 1s', 'O 1s', 'Survey')
    """
    found = re.match(r"\s*([A-Z][a-z]?)\s*([1-5][spdf])(?![a-z])", region)
    return f"{found[1]} {found[2]}" if found else region.strip()


def sensitivity(line: str) -> float:
    """Return the cross-section of a line over that of C 1s, for Al K-alpha.

    Raises
    ------
    InputError
        When the table does not hold it.

    Examples
    --------
    >>> sensitivity("Fe 2p")
    16.42
    """
    if line not in SCOFIELD:
        raise InputError(
            f"There is no sensitivity factor of '{line}' in the table.",
            f"It holds {', '.join(SCOFIELD)}.",
            "Give it with --sensitivity, over that of C 1s.",
        )
    return SCOFIELD[line]
