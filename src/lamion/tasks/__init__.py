"""What lamion offers to people: one file per task, each declared once.

A file ``analyze/conductivity.py`` is the verb ``lamion analyze conductivity``, the step ``task = "analyze
conductivity"`` and the call ``lamion.analyze.conductivity(...)``.
"""

from lamion.tasks.catalogue import GROUPS, find, help_line, names

__all__ = ["GROUPS", "find", "help_line", "names"]
