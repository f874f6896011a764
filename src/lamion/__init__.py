"""lamion: a workbench for solid battery electrolytes.

The folders are the floors of the house, and imports point down only: ``cli`` on top, then ``report``,
``study``, then ``formats``, ``techniques``, ``models`` and ``synthetic`` side by side, ``records`` and
``substances``, ``numerics``, and ``quantities`` at the bottom.
"""

__version__ = "0.1.0"
