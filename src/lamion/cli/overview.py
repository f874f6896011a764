"""What lamion can do, on one page or a few lines; it reads the names of verbs and imports nothing that computes."""

from __future__ import annotations

from lamion.tasks.catalogue import GROUPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lamion.quantities.errors import InputError

_STUDIES = ("new", "run", "reproduce")
_LOOKS = ("page", "read", "scan", "recipe")
_TOOLS = ("tasks", "cite", "completion")
_UNITS = """Quantities are typed with their units: "9 um", "2.01 cm2", "5.62e-4 S/cm", "25 degC", "9 ± 0.3 um",
"1.4(2) mV", "10 wt%".
"""


def beginning(known: Mapping[str, str]) -> str:
    """Return how to begin."""
    groups = "".join(
        f"  {group:<10}{text}\n" for group, text in GROUPS.items() if any(v.startswith(f"{group} ") for v in known)
    )
    return f"""lamion: a workbench for solid battery electrolytes

Try first:
  lamion read FILE                         what an instrument file is and what is in it
  lamion recipe --eo-li 18 --eo-sn 4       what a mixture holds: mass fractions, salt, density
  lamion new film                          a study that runs, for your own files: lamion run film

Commands:
{groups}  read, scan, recipe, new, run, reproduce, tasks, cite, completion

Help: lamion --help (all commands), lamion analyze (a group), lamion analyze kk --help (one).
{_UNITS}"""


def every_verb(known: Mapping[str, str]) -> str:
    """Return all verbs in groups."""
    width = max(map(len, known))
    parts = [
        _block("files and mixtures", _chosen(known, _LOOKS), width),
        *(_block(f"{group}: {text}", _of(group, known), width) for group, text in GROUPS.items()),
        _block("studies: a folder of files, steps and claims", _chosen(known, _STUDIES), width),
        _block("about lamion", _chosen(known, _TOOLS), width),
    ]
    told = {*_LOOKS, *_STUDIES, *_TOOLS, *(verb for group in GROUPS for verb in _of(group, known))}
    parts.append(_block("others", {verb: text for verb, text in known.items() if verb not in told}, width))
    blocks = "\n".join(part for part in parts if part)
    return (
        f"lamion: a workbench for solid battery electrolytes\n\n{blocks}\n"
        f"`lamion VERB --help` says what a verb takes; `lamion --version` what is installed.\n{_UNITS}"
    )


def of_group(group: str, known: Mapping[str, str]) -> str:
    """Return the verbs of one group."""
    own = _of(group, known)
    if not own:
        return f"lamion {group}: {GROUPS[group]}\n\nIt has no commands yet.\n"
    width = max(map(len, own))
    body = _block(f"lamion {group}: {GROUPS[group]}", own, width)
    return f"{body}\n`lamion {next(iter(own))} --help` says what one takes.\n"


def unknown(words: list[str], names: Iterable[str]) -> InputError:
    """Return what to say of a command that does not exist: the nearest one first."""
    from lamion.quantities.errors import InputError

    every = list(names)
    group, second = words[0], " ".join(words[1:2])
    guess = f"Did you mean '{near}'?" if (near := nearest(words, every)) else ""
    members = sorted(verb.split()[1] for verb in every if verb.startswith(f"{group} "))
    if members:
        said = "needs to know what" if second.startswith("-") else f"does not know '{second}'"
        return InputError(f"`lamion {group}` {said}.", guess, f"Known are: {', '.join(members)}.")
    firsts = sorted({verb.split()[0] for verb in every})
    return InputError(f"There is no command 'lamion {group}'.", guess, f"Known are: {', '.join(firsts)}.")


def nearest(words: list[str], names: list[str]) -> str:
    """Return the verb or the group nearest to what was typed; empty where none is near.

    Examples
    --------
    >>> nearest(["analyse", "kk", "a.txt"], ["analyze kk", "analyze drt"])
    'analyze kk'
    >>> nearest(["conductivty"], ["analyze kk", "analyze conductivity"])
    'analyze conductivity'
    """
    from difflib import get_close_matches

    typed = [word for word in words[:2] if not word.startswith("-")]
    by_last: dict[str, str] = {}
    for name in names:
        by_last.setdefault(name.split()[-1], name)
    firsts = {name.split()[0] for name in names}
    group = [name for name in names if typed and name.startswith(f"{typed[0]} ")]
    if group:
        among = {name.split()[1]: name for name in group}
        found = get_close_matches(typed[1], list(among), 1) if len(typed) == 2 else []
        return among[found[0]] if found else ""
    if len(typed) == 2 and typed[1] in by_last and typed[0] not in firsts and get_close_matches(typed[0], firsts, 1):
        return by_last[typed[1]]
    for text, among in (
        (" ".join(typed), {name: name for name in names if " " in name}),
        (typed[0] if typed else "", {first: first for first in firsts}),
        (typed[0] if typed and typed[0] not in firsts else "", by_last),
    ):
        found = get_close_matches(text, list(among), 1, 0.75) if text else []
        if found:
            return among[found[0]]
    return ""


def _of(group: str, known: Mapping[str, str]) -> dict[str, str]:
    return {verb: known[verb] for verb in sorted(known) if verb.startswith(f"{group} ")}


def _chosen(known: Mapping[str, str], verbs: Iterable[str]) -> dict[str, str]:
    return {verb: known[verb] for verb in verbs if verb in known}


def _block(title: str, verbs: Mapping[str, str], width: int) -> str:
    rows = "".join(f"  {verb:<{width}}  {text[:1].upper()}{text[1:]}\n" for verb, text in verbs.items())
    return f"{title}\n{rows}" if rows else ""
