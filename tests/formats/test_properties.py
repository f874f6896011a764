"""Whatever the bytes, a reader returns records or an InputError, and nothing else."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from tests.formats.seeds import own_seeds

from lamion.formats import RawFile, read_raw
from lamion.quantities import InputError

_SEEDS = list(own_seeds().values())
_CELLS = st.one_of(
    st.floats(allow_nan=True).map(repr),
    st.integers().map(str),
    st.sampled_from(["", "1,5", "1e400", "0e9999", "-0", "\u22121", "nan", '"1"', "1.0E+000", "9" * 400]),
    st.text(max_size=6),
)
_COLUMNS = st.sampled_from([None, "f=1,re=2,im=-3", "f=1,mod=2,phase=3", "f=2,re=1,im=3"])


def _reads_or_refuses(content: bytes, columns: str | None = None) -> None:
    with suppress(InputError):
        assert read_raw(RawFile("any", content), columns=columns).records


@given(st.binary(max_size=300), _COLUMNS)
def test_any_bytes(content: bytes, columns: str | None) -> None:
    _reads_or_refuses(content, columns)


@given(st.text(max_size=40), _COLUMNS)
def test_any_specification_and_text(text: str, columns: str | None) -> None:
    _reads_or_refuses(b"1 2 3\n", text)
    _reads_or_refuses(text.encode("utf-8", "surrogatepass"), columns)


@given(
    st.sampled_from(_SEEDS),
    st.lists(st.lists(_CELLS, min_size=3, max_size=6), max_size=6),
    st.sampled_from(["\n", "\r\n", ""]),
    _COLUMNS,
)
def test_any_table_below_a_real_header(seed, rows: list[list[str]], end: str, columns: str | None) -> None:
    lines = [*seed.lines[: seed.start], *(seed.separator.join(row) for row in rows)]
    content = ("\n".join(lines) + end).encode("utf-8", "surrogatepass")
    _reads_or_refuses(content, seed.columns)
    _reads_or_refuses(content, columns)


@given(
    st.sampled_from(_SEEDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), st.text(max_size=5)), max_size=5),
)
def test_any_edits(seed, edits: list[tuple[int, int, str]]) -> None:
    text = seed.text
    for start, length, new in edits:
        place = start % (len(text) + 1)
        text = text[:place] + new + text[place + length % 20 :]
    _reads_or_refuses(text.encode("utf-8", "surrogatepass"), seed.columns)
