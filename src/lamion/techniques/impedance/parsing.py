r"""Circuits as people write them: ``R0-p(R1,CPE1)-CPE2`` or Boukamp's ``R(RQ)Q``.

The grammar, read by recursive descent::

    series   = item { "-" item }
    item     = "p(" series "," series { "," series } ")"  |  element
    element  = letters [ digits ]

and Boukamp's, in which round brackets stand for side by side and square ones for one after another::

    row      = part { part }
    part     = "(" part part { part } ")"  |  "[" row "]"  |  letter [ digits ]

References
----------
B. A. Boukamp, Solid State Ionics 20 (1986) 31, doi:10.1016/0167-2738(86)90031-7 (the circuit description code).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lamion.quantities.errors import InputError

_TOKEN = re.compile(r"\s*(?:(?P<parallel>p\s*\()|(?P<name>[A-Za-z]+)(?P<number>\d*)|(?P<sign>[-,()\[\]]))")
_BOUKAMP_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Z])(?P<number>\d*)|(?P<sign>[()\[\]]))")
_BOUKAMP_NAMES = {"Q": "CPE", "T": "Wo", "O": "Ws"}
_LONGEST = 300
_DEEPEST = 20
_REMEDY = "Write '-' for one after another and p(...,...) for side by side, as in R0-p(R1,CPE1)-CPE2."


@dataclass(frozen=True)
class ElementNode:
    """An element where it stands: its symbol, and its number, -1 when none was written."""

    symbol: str
    number: int = -1

    @property
    def label(self) -> str:
        """The symbol with its number."""
        return self.symbol if self.number < 0 else f"{self.symbol}{self.number}"

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class SeriesNode:
    """Parts one after another."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return "-".join(str(part) for part in self.parts)


@dataclass(frozen=True)
class ParallelNode:
    """Parts side by side."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return f"p({','.join(str(part) for part in self.parts)})"


Node = ElementNode | SeriesNode | ParallelNode


def parse_circuit(text: str, known: Callable[[str], bool]) -> Node:
    """Read a circuit.

    Parameters
    ----------
    text : str
        In either notation; elements without numbers are numbered.
    known : callable
        Whether a symbol is an element.

    Returns
    -------
    ElementNode, SeriesNode or ParallelNode
        The tree; every label in it is unique. ``str`` of it is the circuit in the first notation.

    Raises
    ------
    InputError
        When it cannot be read, with the place.

    Examples
    --------
    >>> str(parse_circuit("R(RQ)Q", {"R", "CPE"}.__contains__))
    'R0-p(R1,CPE1)-CPE2'
    """
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST:
        raise InputError(
            "The circuit is empty." if not stripped else f"The circuit is longer than {_LONGEST} characters.",
            "",
            _REMEDY,
        )
    if re.search(r"-|,|p\s*\(", stripped) or known(stripped.rstrip("0123456789")):
        reader = _Reader(stripped, _tokens(stripped, _TOKEN), known)
        tree = reader.whole(reader.series)
    else:
        reader = _Reader(stripped, _tokens(stripped, _BOUKAMP_TOKEN), known)
        tree = reader.whole(reader.row)
    return _numbered(_flattened(tree))


@dataclass(frozen=True)
class _Token:
    kind: str
    name: str
    number: int
    place: int


def _tokens(text: str, pattern: re.Pattern[str]) -> list[_Token]:
    found, place = [], 0
    while place < len(text):
        match = pattern.match(text, place)
        if match is None:
            at = place + len(text[place:]) - len(text[place:].lstrip())
            raise _misread(text, at, f"'{text[at]}' cannot stand there")
        name = match.groupdict().get("name") or ""
        number = match.groupdict().get("number") or ""
        kind = "name" if name else "p(" if match.groupdict().get("parallel") else match["sign"]
        found.append(_Token(kind, name, int(number[:9]) if number else -1, match.end() - len(match[0].lstrip())))
        place = match.end()
    return found


def _misread(text: str, place: int, why: str) -> InputError:
    return InputError(f"The circuit '{text}' cannot be read at character {place + 1}: {why}.", "", _REMEDY)


class _Reader:
    """Recursive descent over the tokens of one circuit."""

    def __init__(self, text: str, tokens: list[_Token], known: Callable[[str], bool]) -> None:
        self._text, self._tokens, self._known = text, tokens, known
        self._at = 0
        self._depth = 0

    def whole(self, rule: Callable[[], Node]) -> Node:
        tree = rule()
        if self._at < len(self._tokens):
            raise self._error("nothing more was expected there")
        return tree

    def series(self) -> Node:
        parts = [self._item()]
        while self._take("-"):
            parts.append(self._item())
        return SeriesNode(tuple(parts)) if len(parts) > 1 else parts[0]

    def row(self) -> Node:
        parts = [self._part()]
        while self._kind() not in ("", ")", "]"):
            parts.append(self._part())
        return SeriesNode(tuple(parts)) if len(parts) > 1 else parts[0]

    def _item(self) -> Node:
        if self._take("p("):
            return self._nested(self._branches)
        return self._element()

    def _branches(self) -> Node:
        parts = [self.series()]
        while self._take(","):
            parts.append(self.series())
        return self._closed(parts, ")")

    def _part(self) -> Node:
        if self._take("("):
            return self._nested(self._round)
        if self._take("["):
            return self._nested(self._square)
        return self._element()

    def _round(self) -> Node:
        parts = [self._part()]
        while self._kind() not in ("", ")", "]"):
            parts.append(self._part())
        return self._closed(parts, ")")

    def _square(self) -> Node:
        tree = self.row()
        if not self._take("]"):
            raise self._error("']' is missing")
        return tree

    def _closed(self, parts: list[Node], sign: str) -> Node:
        if not self._take(sign):
            raise self._error(f"'{sign}' or another part was expected")
        if len(parts) < 2:
            raise self._error("two parts or more must stand side by side")
        return ParallelNode(tuple(parts))

    def _nested(self, rule: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(f"brackets are nested more than {_DEEPEST} deep")
        tree = rule()
        self._depth -= 1
        return tree

    def _element(self) -> Node:
        if self._kind() != "name":
            raise self._error("an element was expected, such as R1 or CPE1")
        token = self._tokens[self._at]
        symbol = token.name if self._known(token.name) else _BOUKAMP_NAMES.get(token.name, token.name)
        if not self._known(symbol):
            raise self._error(f"there is no element '{token.name}'")
        self._at += 1
        return ElementNode(symbol, token.number)

    def _kind(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _take(self, kind: str) -> bool:
        taken = self._kind() == kind
        self._at += taken
        return taken

    def _error(self, why: str) -> InputError:
        place = self._tokens[self._at].place if self._at < len(self._tokens) else len(self._text)
        return _misread(self._text, place, why)


def _flattened(node: Node) -> Node:
    """Join series within series and parallel within parallel."""
    if isinstance(node, ElementNode):
        return node
    kind = type(node)
    parts: list[Node] = []
    for part in map(_flattened, node.parts):
        parts.extend(part.parts if isinstance(part, kind) else [part])
    return kind(tuple(parts))


def _numbered(tree: Node) -> Node:
    labels = _labels(tree)
    for label in labels:
        if labels.count(label) > 1 and label[-1].isdigit():
            raise InputError(
                f"The circuit '{tree}' has two elements called {label}.", "", "Give every element a number of its own."
            )
    return tree if all(label[-1].isdigit() for label in labels) else _Numbering(labels).of(tree)


def _labels(node: Node) -> list[str]:
    return [node.label] if isinstance(node, ElementNode) else [x for part in node.parts for x in _labels(part)]


class _Numbering:
    """Numbers for elements without: R0 first, then one for every part in series, as in R0-p(R1,CPE1)-CPE2."""

    def __init__(self, taken: list[str]) -> None:
        self._taken = set(taken)

    def of(self, tree: Node) -> Node:
        parts = tree.parts if isinstance(tree, SeriesNode) else (tree,)
        number = 0 if isinstance(parts[0], ElementNode) and parts[0].symbol == "R" and len(parts) > 1 else 1
        done = [self._part(part, number + place) for place, part in enumerate(parts)]
        return SeriesNode(tuple(done)) if len(done) > 1 else done[0]

    def _part(self, node: Node, number: int) -> Node:
        if not isinstance(node, ElementNode):
            return type(node)(tuple(self._part(part, number) for part in node.parts))
        if node.number >= 0:
            return node
        while f"{node.symbol}{number}" in self._taken:
            number += 1
        self._taken.add(f"{node.symbol}{number}")
        return ElementNode(node.symbol, number)
