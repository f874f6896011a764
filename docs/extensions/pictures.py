"""What the gallery's examples draw: each figure of matplotlib's that they name or end with becomes a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx_gallery.scrapers import figure_rst

from lamion.synthetic.examples import EXAMPLES, example


def _pictures(_: object, names: Mapping[str, Any], gallery: Mapping[str, Any]) -> str:
    """Save what the last block drew; lamion's figures belong to no window, so the gallery's own way misses them."""
    found = names["example_globals"]
    new = {id(one): one for one in found.values() if isinstance(one, Figure) and not hasattr(one, "is_shown")}
    paths = []
    for figure, path in zip(new.values(), names["image_path_iterator"], strict=False):
        figure.is_shown = True
        paths.append(str(Path(path).with_suffix(".svg")))
        figure.savefig(paths[-1])
    return figure_rst(paths, gallery["src_dir"])


def _get_sg_image_scraper() -> Callable[..., str]:
    return _pictures


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the files that the examples read."""
    folder = Path(app.srcdir, "gallery", "files")
    folder.mkdir(exist_ok=True)
    for name in EXAMPLES:
        (folder / name).write_bytes(example(name))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
