"""How Sphinx builds the documentation: python -m sphinx -n -W -b html docs docs/_build/html."""

import sys
from pathlib import Path

import lamion

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "lamion"
copyright = "the lamion developers"  # noqa: A001  Sphinx' own name
release = lamion.__version__

extensions = ["myst_parser", "mathml", "runs"]
exclude_patterns = ["_build", "extensions", "gallery"]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "pydata_sphinx_theme"
html_title = "lamion"
html_static_path = ["style"]
html_css_files = ["lamion.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "logo": {"text": "lamion"},
    "navbar_align": "left",
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
    "footer_start": ["copyright"],
    "footer_end": [],
}
