"""CONTRIBUTING shows a task as it stands."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_task_that_is_shown_is_the_real_one():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    path, shown = re.search(r"<!-- (src/\S+\.py) -->\n```python\n(.*?)\n```", text, flags=re.DOTALL).groups()
    assert (ROOT / path).read_text(encoding="utf-8").rstrip() == shown


def test_every_place_that_it_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)+(?:\.(?:py|toml|css)|/))`", text)
    assert len(named) > 20
    gone = [name for name in named if not any((ROOT / folder / name).exists() for folder in ("src/lamion", "."))]
    assert not gone
