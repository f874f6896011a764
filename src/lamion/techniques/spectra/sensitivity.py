"""How strong a line of each element is: Scofield's photoionisation cross-sections for Al K-alpha, C 1s as one.

Both lines of a doublet together. Every factor lies within 0.3 % of the partial cross-sections in Kissel's tables, as
xraylib 4.3.0 gives them at 1486.6 eV; those from Na 1s on are taken from there.

References
----------
J. H. Scofield, J. Electron Spectrosc. Relat. Phenom. 8 (1976) 129, doi:10.1016/0368-2048(76)80015-1.
T. Schoonjans et al., Spectrochim. Acta B 66 (2011) 776, doi:10.1016/j.sab.2011.09.011 (xraylib).
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
    "N 1s": 1.8,
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
    "Na 1s": 8.522,
    "K 2p": 3.969,
    "Ca 2p": 5.074,
    "V 2p": 9.667,
    "Cr 2p": 11.67,
    "Zn 2p": 28.91,
    "Ga 2p": 32.6,
    "Ga 3d": 1.085,
    "Ge 2p": 36.61,
    "Ge 3d": 1.42,
    "As 3d": 1.82,
    "Se 3d": 2.292,
    "Br 3d": 2.842,
    "Sr 3d": 5.043,
    "Y 3d": 5.984,
    "Zr 3d": 7.039,
    "Nb 3d": 8.209,
    "Mo 3d": 9.507,
    "Ag 3d": 18.04,
    "In 3d": 22.55,
    "Sn 3d": 25.06,
    "Sb 3d": 27.75,
    "Te 3d": 30.59,
    "I 3d": 33.64,
    "Ba 3d": 43.8,
    "La 3d": 47.57,
    "Hf 4f": 7.52,
    "Ta 4f": 8.617,
    "W 4f": 9.807,
    "Pt 4f": 15.47,
    "Au 4f": 17.13,
    "Pb 4f": 22.75,
    "Bi 4f": 24.85,
}


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
