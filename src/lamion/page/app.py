"""The server: a thin layer of addresses over tasks, files, figures and studies; it computes nothing itself."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from lamion import __version__
from lamion.page.jobs import CancelledError, Jobs
from lamion.page.security import App, Guard
from lamion.page.workspace import LARGEST, Workspace, too_large
from lamion.quantities import InputError
from lamion.quantities.errors import MENDABLE, as_input_error
from lamion.tasks import catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lamion.page.running import Finished
    from lamion.page.study import OpenStudy

STATIC = Path(str(files("lamion") / "page" / "static"))
_LARGEST_FORM = 2**20
_RAW = "application/octet-stream"
_FORM = "application/json"


class RefusedError(Exception):
    """A request that cannot be served, with its status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class Page:
    """One launch of the page.

    Parameters
    ----------
    workspace : Workspace
        The files.
    study : OpenStudy, optional
        The study that it was opened with.
    """

    workspace: Workspace
    study: OpenStudy | None = None
    jobs: Jobs = field(default_factory=Jobs)
    finished: dict[str, Finished] = field(default_factory=dict)

    def app(self, token: str, port: int) -> App:
        """Return the guarded application."""
        routes = [
            Route("/", _static),
            Route("/static/{name}", _static),
            Route("/api/begin", self._begin),
            Route("/api/form", self._form),
            Route("/api/file", self._entry),
            Route("/api/file", self._upload, methods=["POST"]),
            Route("/api/forget", self._forget, methods=["POST"]),
            Route("/api/read", self._read),
            Route("/api/example", self._example, methods=["POST"]),
            Route("/api/run", self._run, methods=["POST"]),
            Route("/api/progress", self._progress),
            Route("/api/cancel", self._cancel, methods=["POST"]),
            Route("/api/export", self._export),
            Route("/api/session", self._save, methods=["POST"]),
            Route("/api/session/open", self._open, methods=["POST"]),
            Route("/api/study", self._study),
            Route("/api/study/run", self._run_study, methods=["POST"]),
            Route("/api/study/step", self._step),
            Route("/api/study/file", self._study_file),
        ]
        app = Starlette(routes=[Route(r.path, _told(r.endpoint), methods=r.methods) for r in routes])
        return Guard(app, token, port)

    async def _begin(self, request: Request) -> Response:
        from lamion.page.figures import STYLE
        from lamion.techniques.impedance.families import BLOCKING_FAMILY, CELL_FAMILY

        return _json(
            {
                "version": __version__,
                "style": STYLE,
                "groups": catalogue.GROUPS,
                "tasks": [{"name": name, "help": catalogue.help_line(name)} for name in catalogue.names()],
                "circuits": {"cell": CELL_FAMILY, "blocking": BLOCKING_FAMILY},
                "files": list(self.workspace.files),
                "study": self.study is not None,
                "first": await run_in_threadpool(self._first),
            }
        )

    def _first(self) -> Any:
        """Read the first file, which the page shows at once; what is wrong with it is said where it is asked for."""
        from lamion.page.reading import reading

        with suppress(InputError, *MENDABLE):
            return reading(list(self.workspace.files.values())[:1])
        return None

    async def _form(self, request: Request) -> Response:
        from lamion.page.forms import form

        return _json(await run_in_threadpool(form, _asked(request, "task")))

    async def _entry(self, request: Request) -> Response:
        return _json(await run_in_threadpool(self._entry_of, _asked(request, "name")))

    async def _upload(self, request: Request) -> Response:
        name = _asked(request, "name")
        content = await _body(request, _RAW, LARGEST, lambda: str(too_large(name)))
        await run_in_threadpool(self.workspace.drop, name, content)
        return _json(await run_in_threadpool(self._entry_of, name))

    def _entry_of(self, name: str) -> Any:
        from lamion.formats.overview import entry_of

        path = self.workspace.path(name)
        return {**asdict(entry_of(path, path.parent)), "name": name}

    async def _forget(self, request: Request) -> Response:
        self.workspace.forget(_text(await _sent(request), "name"))
        return _json({})

    async def _read(self, request: Request) -> Response:
        from lamion.page.reading import reading

        _asked(request, "name")
        paths = [self.workspace.path(name) for name in request.query_params.getlist("name")]
        return _json(await run_in_threadpool(reading, paths))

    async def _example(self, request: Request) -> Response:
        from lamion.page.forms import example

        return _json(await run_in_threadpool(example, _text(await _sent(request), "task"), self.workspace))

    async def _run(self, request: Request) -> Response:
        from lamion.page.running import run

        sent = await _sent(request)
        name, task, options = _text(sent, "id"), _text(sent, "task"), sent.get("options", {})
        if not isinstance(options, dict):
            raise RefusedError(400, "The options are no table.")
        job = self.jobs.begin(name)
        try:
            done = await run_in_threadpool(run, task, options, self.workspace, job)
        finally:
            self.jobs.end(name, job)
        self.finished[name] = done
        return _json({"id": name, **await run_in_threadpool(done.to_json)})

    async def _progress(self, request: Request) -> Response:
        return _json(self.jobs.progress(_asked(request, "id")))

    async def _cancel(self, request: Request) -> Response:
        self.jobs.cancel(_text(await _sent(request), "id"))
        return _json({})

    async def _export(self, request: Request) -> Response:
        from lamion.page.export import KINDS

        kind = _asked(request, "kind")
        if kind not in KINDS:
            raise RefusedError(400, f"There is no export '{kind}'.")
        make, name, media = KINDS[kind]
        chosen = [self._finished(one) for one in request.query_params.getlist("id")]
        return _download(await run_in_threadpool(make, chosen), name, media)

    def _finished(self, name: str) -> Finished:
        if name not in self.finished:
            raise RefusedError(404, "That answer is not on the page.")
        return self.finished[name]

    async def _save(self, request: Request) -> Response:
        from lamion.page.session import saved

        sent = await _sent(request)
        names = [name for name in sent.get("ids", []) if name in self.finished]
        chosen = {name: self.finished[name] for name in names}
        content = await run_in_threadpool(saved, sent.get("state"), chosen, self.workspace)
        return _download(content, "page.lamion-session.json", _FORM)

    async def _open(self, request: Request) -> Response:
        from lamion.page import session

        content = await _body(request, _RAW, session.LARGEST, lambda: "The session is too large.")
        state, finished = await run_in_threadpool(session.opened, content, self.workspace)
        self.finished |= finished
        shown = await run_in_threadpool(lambda: {name: {"id": name, **one.to_json()} for name, one in finished.items()})
        return _json({"state": state, "finished": shown, "files": list(self.workspace.files)})

    def _opened_study(self) -> OpenStudy:
        if self.study is None:
            raise RefusedError(404, "No study is open: lamion page STUDY opens one.")
        return self.study

    async def _study(self, request: Request) -> Response:
        return _json(await run_in_threadpool(self._opened_study().overview))

    async def _run_study(self, request: Request) -> Response:
        quick = bool((await _sent(request)).get("quick", False))
        study, job = self._opened_study(), self.jobs.begin("study")
        try:
            return _json(await run_in_threadpool(study.run, job, quick=quick))
        finally:
            self.jobs.end("study", job)

    async def _step(self, request: Request) -> Response:
        return _json(await run_in_threadpool(self._opened_study().step, _asked(request, "id")))

    async def _study_file(self, request: Request) -> Response:
        name = _asked(request, "name")
        content = await run_in_threadpool(self._opened_study().file, _asked(request, "step"), name)
        return _download(content, Path(name).name, _RAW)


async def _static(request: Request) -> Response:
    """Return what the page itself consists of: read at once, a thread for each small file would take longer."""
    place = STATIC / request.path_params.get("name", "index.html")
    if place not in STATIC.iterdir():
        raise RefusedError(404, "The page has no such file.")
    return Response(place.read_bytes(), media_type=mimetypes.guess_type(place.name)[0])


Endpoint = Callable[[Request], Awaitable[Response]]


def _told(endpoint: Any) -> Endpoint:
    """Answer with a sentence where something cannot be done."""

    async def serve(request: Request) -> Response:
        try:
            return await endpoint(request)  # type: ignore[no-any-return]
        except RefusedError as error:
            return _json({"error": str(error)}, error.status)
        except InputError as error:
            return _json({"error": str(error)}, 422)
        except CancelledError:
            return _json({"error": "Cancelled.", "cancelled": True}, 409)
        except MENDABLE as error:
            return _json({"error": str(as_input_error(error))}, 422)

    return serve


def _json(content: Any, status: int = 200) -> Response:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Response(text, status, media_type=_FORM)


def _download(content: bytes, name: str, media: str) -> Response:
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="{plain}"'})


def _asked(request: Request, name: str) -> str:
    found = request.query_params.get(name)
    if not found:
        raise RefusedError(400, f"The request does not say its {name}.")
    return found


async def _body(request: Request, kind: str, largest: int, told: Callable[[], str]) -> bytes:
    """Return what was sent, unless it is of another kind or too large; no more than that is taken in."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != kind:
        raise RefusedError(415, f"The page takes {kind} here.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest:
        raise RefusedError(413, told())
    found = bytearray()
    try:
        async for piece in request.stream():
            found += piece
            if len(found) > largest:
                raise RefusedError(413, told())
    except ClientDisconnect:
        raise RefusedError(400, "The request was cut off.") from None
    return bytes(found)


async def _sent(request: Request) -> dict[str, Any]:
    content = await _body(request, _FORM, _LARGEST_FORM, lambda: "The form is too large.")
    try:
        found = await asyncio.to_thread(json.loads, content)
    except (ValueError, RecursionError):
        raise RefusedError(400, "The request is no JSON.") from None
    if not isinstance(found, dict):
        raise RefusedError(400, "The request is no JSON object.")
    return found


def _text(sent: dict[str, Any], name: str) -> str:
    found = sent.get(name)
    if not isinstance(found, str) or not found:
        raise RefusedError(400, f"The request does not say its {name}.")
    return found
