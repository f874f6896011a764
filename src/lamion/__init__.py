"""lamion: a workbench for solid battery electrolytes.

>>> import lamion
>>> answer = lamion.recipe(eo_li=18, eo_sn=4, framework=0.497)
>>> print(answer["density.membrane"])
1.367(41) g/cm3

``lamion.read`` opens an instrument's file, ``lamion.scan`` lists those of a folder, ``lamion.write`` writes
records as Battery Data Format, ``lamion.analyze``, ``simulate``,
``design`` and ``audit`` hold the tasks, ``lamion.run`` runs a study, ``lamion.plot`` draws. Nothing is loaded before it
is used. Below this door stand the rooms (``lamion.techniques``, ``lamion.models``, ...) for who wants arrays.
"""

from typing import Any

__version__ = "0.2.0"
"""Stated here alone: the package's metadata, CITATION.cff and CHANGELOG.md are held against it."""

_DOORS = {
    "read": "lamion.formats:read",
    "scan": "lamion.formats.overview:scan",
    "write": "lamion.formats.bdf.writer:write",
    "recipe": "lamion.tasks.recipe:recipe",
    "run": "lamion.report.run:run",
    "plot": "lamion.report.plot:plot",
    "analyze": "lamion.tasks.group:analyze",
    "simulate": "lamion.tasks.group:simulate",
    "design": "lamion.tasks.group:design",
    "audit": "lamion.tasks.group:audit",
    "Answer": "lamion.quantities:Answer",
    "Electrolyte": "lamion.substances:Electrolyte",
    "InputError": "lamion.quantities:InputError",
    "Quantity": "lamion.quantities:Quantity",
}
"""What stands at the front door, and where it lives."""

__all__ = ["__version__", *_DOORS]


def __getattr__(name: str) -> Any:
    """Load what stands at the front door when it is first used."""
    if name not in _DOORS:
        raise AttributeError(f"module 'lamion' has no attribute '{name}'")
    from importlib import import_module

    module, _, attribute = _DOORS[name].partition(":")
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
