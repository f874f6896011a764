"""Formulas as drawings within the page, alike in every browser: no script, no font and no request."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import ziamath
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

_SIZE = 16
ziamath.config.svg2 = False
ziamath.config.math.color = "currentColor"


def drawn(latex: str, *, inline: bool) -> str:
    """Draw a formula in the size of the text around it, on its line."""
    drawing = ziamath.Latex(latex, size=_SIZE, inline=inline).svgxml()
    _, top, width, height = (float(number) / _SIZE for number in drawing.attrib["viewBox"].split())
    drawing.attrib |= {"width": f"{width:.3f}em", "height": f"{height:.3f}em", "role": "img", "aria-label": latex}
    drawing.attrib["style"] = f"vertical-align: {-top - height:.3f}em"
    text = ElementTree.tostring(drawing, encoding="unicode")
    return re.sub(r"(\.\d\d)\d+", r"\1", text)


def _inline(writer: HTML5Translator, node: nodes.math) -> None:
    writer.body.append(drawn(node.astext(), inline=True))
    raise nodes.SkipNode


def _display(writer: HTML5Translator, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="formula">{drawn(node.astext(), inline=False)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Name the renderer to Sphinx."""
    app.add_html_math_renderer("drawn", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
