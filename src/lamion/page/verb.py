"""Open the local page: drop a file, see it, judge it, fit it, take the figure and the command home.

The page is served on this machine alone. Its address, with the token of this launch, is the one line on standard
output; files that are dropped on the page leave no trace when it ends (Ctrl+C).
"""

from __future__ import annotations

import argparse
import secrets
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.cli.parser import argument
from lamion.quantities import InputError
from lamion.quantities.errors import MissingExtraError

if TYPE_CHECKING:
    from lamion.page.study import OpenStudy
    from lamion.page.workspace import Workspace

ARGUMENTS = (
    argument("given", metavar="FILE or STUDY", type=Path, nargs="*", help="files, a folder of files, or a study"),
    argument("--port", metavar="N", type=int, default=0, help="where it listens [a free one]"),
    argument("--no-open", action="store_true", help="open no browser"),
    argument("--trust", action="store_true", help="let the study's own code run"),
)
EXAMPLES = ("lamion page", "lamion page cell.mpt", "lamion page film --no-open --port 8010")
_LARGEST_PORT = 65535
_NEEDED = ("starlette", "uvicorn")
_TURN = 0.0005
"""Seconds: an answer to the browser does not wait for a fit's whole turn."""


def run(arguments: argparse.Namespace) -> int:
    """Serve the page until it is interrupted."""
    if not all(find_spec(name) for name in _NEEDED):
        raise MissingExtraError("page", "The local page")
    from lamion.page.workspace import Workspace

    study, given = _study_among(arguments.given)
    workspace = Workspace.of(given)
    try:
        opened = None if study is None else _opened(study, trust=arguments.trust)
        listening = _listen(arguments.port)
        port, token = listening.getsockname()[1], secrets.token_urlsafe(32)
        address = f"http://127.0.0.1:{port}/?token={token}"
        # The browser may start now: what it asks waits until the server has loaded.
        print(address, flush=True)
        if not arguments.no_open:
            import webbrowser

            webbrowser.open(address)
        _serve(workspace, opened, token, listening)
    finally:
        workspace.close()
    return 0


def _serve(workspace: Workspace, study: OpenStudy | None, token: str, listening: socket.socket) -> None:
    import uvicorn

    from lamion.page.app import Page

    sys.setswitchinterval(_TURN)
    app = Page(workspace, study).app(token, listening.getsockname()[1])
    settings = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="off", server_header=False, ws="none", loop="asyncio"
    )
    uvicorn.Server(settings).run(sockets=[listening])


def _opened(study: Path, *, trust: bool) -> OpenStudy:
    from lamion.page.study import OpenStudy

    found = OpenStudy(study, trust)
    found.loaded()
    return found


def _study_among(given: list[Path]) -> tuple[Path | None, list[Path]]:
    """Tell the study, if one was given, from the files."""
    studies = [one for one in given if one.name == "study.toml" or (one / "study.toml").is_file()]
    if len(studies) > 1:
        raise InputError("More than one study was given.", "", "Open one at a time.")
    return (studies[0] if studies else None), [one for one in given if one not in studies]


def _listen(port: int) -> socket.socket:
    if not 0 <= port <= _LARGEST_PORT:
        raise InputError(f"There is no port {port}.", "", f"Name one from 1 to {_LARGEST_PORT}, or none.")
    # Of the protocol by name: the server then sends an answer's body without waiting for its head's receipt.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
        found.listen()
    except OSError as error:
        found.close()
        raise InputError(
            f"Port {port} cannot be used: {error.strerror}.",
            "Another page may be open there.",
            "Name another with --port, or none.",
        ) from error
    return found
