"""An answer as a notebook shows it: a table, a picture, the verdict, warnings; nothing is loaded from elsewhere."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from lamion.quantities.showing import label, sentence, shown

if TYPE_CHECKING:
    from lamion.quantities.answer import Answer

_ROWS = 60
_LEFT = ' style="text-align:left"'


def to_html(answer: Answer, picture: bytes = b"") -> str:
    """Write an answer as a piece of HTML.

    Parameters
    ----------
    answer : Answer
        What was computed.
    picture : bytes
        Its first figure as SVG; empty for none. It is embedded as an image, so that nothing in it can act on the page.
    """
    parts = [_table(answer), _verdict(answer), _paragraph(sentence(answer.method))]
    if answer.synthetic:
        parts.append(_paragraph("The data are synthetic."))
    parts += [_paragraph(warning, "warning: ") for warning in answer.warnings]
    if picture:
        title = next((figure.title for figure in answer.figures.values()), "")
        source = base64.b64encode(picture).decode()
        parts.append(f'<img alt="{escape(title)}" src="data:image/svg+xml;base64,{source}">')
    return f"<div>{''.join(parts)}</div>"


def _verdict(answer: Answer) -> str:
    if not answer.verdict:
        return _paragraph(answer.reason)
    return _paragraph(answer.reason, f"{answer.verdict}: " if answer.reason else answer.verdict)


def _paragraph(text: str, head: str = "") -> str:
    """Write a paragraph, with what it begins with in bold."""
    if not (text or head):
        return ""
    return f"<p>{f'<b>{escape(head)}</b>' if head else ''}{escape(text)}</p>"


def _table(answer: Answer) -> str:
    names = answer.ordered()
    if not names:
        return ""
    rows = [
        f"<tr><th{_LEFT}>{escape(label(answer, name))}</th><td{_LEFT}>{escape(shown(answer, name))}</td></tr>"
        for name in names[:_ROWS]
    ]
    if len(names) > _ROWS:
        rows.append(f'<tr><td colspan="2"{_LEFT}>and {len(names) - _ROWS} more</td></tr>')
    return f"<table>{''.join(rows)}</table>"
