"""Numbers beside an axis as plain text: "10⁻⁴" needs no mathematics to be typeset, which takes longer than the figure."""

from __future__ import annotations

import re

from matplotlib.ticker import LogFormatterSciNotation, ScalarFormatter

_RAISED = str.maketrans("-\N{MINUS SIGN}0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"10\^\{([^{}]*)\}")
_TENS = re.compile("1e([-\N{MINUS SIGN}]?[0-9]+)")
_MARKUP = re.compile(r"\\mathdefault|[${}]")


class Powers(LogFormatterSciNotation):
    """Powers of ten of a logarithmic axis, with a factor where it is no whole power."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the text of one tick."""
        return _plain(super().__call__(x, pos))


class Scaled(ScalarFormatter):
    """Numbers of a linear axis; what they are all multiplied by stands at its end, as in "×10⁻³"."""

    def __init__(self) -> None:
        super().__init__(useMathText=False)
        self.set_scientific(True)
        self.set_powerlimits((-3, 5))

    def get_offset(self) -> str:
        """Return the text at the axis' end."""
        return _TENS.sub(lambda found: f"×10{found[1].translate(_RAISED)}", super().get_offset())


def _plain(text: str) -> str:
    """Return mathematical text as plain letters."""
    raised = _POWER.sub(lambda found: f"10{found[1].translate(_RAISED)}", text)
    return _MARKUP.sub("", raised.replace(r"\times", "×"))
