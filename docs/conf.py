"""How Sphinx builds the documentation: python -m sphinx -n -W -b html docs docs/_build/html."""

import sys
from pathlib import Path

import lamion

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "lamion"
copyright = "the lamion developers"  # noqa: A001  Sphinx' own name
release = lamion.__version__

extensions = ["myst_parser", "sphinx_gallery.gen_gallery", "formulas", "pictures", "runs"]
exclude_patterns = ["_build", "extensions", "gallery", "**/sg_execution_times.rst", "sg_execution_times.rst"]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3

sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "examples",
    "filename_pattern": r"\.py$",
    "image_scrapers": ("pictures",),
    "ignore_repr_types": "Figure",
    "within_subsection_order": "FileNameSortKey",
    "min_reported_time": 3600,
    "run_stale_examples": True,
    "download_all_examples": False,
    "show_signature": False,
    "remove_config_comments": True,
}

html_theme = "pydata_sphinx_theme"
html_title = "lamion"
html_static_path = ["style"]
html_css_files = ["lamion.css"]
html_math_renderer = "drawn"
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
