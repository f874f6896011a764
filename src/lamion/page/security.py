"""Who may talk to the page: this machine's own browser, which knows the token of this launch."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

NAMES = ("127.0.0.1", "localhost")
"""What this machine calls itself; a name that was bound to it from outside is none of them."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The drawing library needs inline styles; nothing may be loaded from, or sent to, another place."""
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}
_METHODS = ("GET", "HEAD", "POST")


class Guard:
    """Refuses foreign hosts and origins, and whoever does not know the token.

    The token stands in the address once; whoever brings it is given a cookie, which no other site can send.

    Parameters
    ----------
    app : callable
        What is guarded.
    token : str
        Of this launch.
    port : int
        Where the page listens.
    """

    def __init__(self, app: App, token: str, port: int) -> None:
        self._app = app
        self._token = token.encode()
        self._hosts = {f"{name}:{port}" for name in NAMES}
        self._cookie = f"lamion-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope["method"], headers)
        if refusal is not None:
            await _answer(send, *refusal)
        elif scope["path"] == "/" and (brought := _token_in(scope["query_string"])):
            await self._let_in(send, brought)
        elif not self._knows(headers):
            await _answer(
                send, 401, "The token of this launch is missing. Open the address that `lamion page` printed."
            )
        else:
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, method: str, headers: MutableMapping[str, str]) -> tuple[int, str] | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return 400, "The page answers to this machine's own names alone."
        if origin is not None and origin not in {f"http://{name}" for name in self._hosts}:
            return 403, "The request comes from another site."
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "The request comes from another site."
        if method not in _METHODS:
            return 405, "The page takes GET and POST."
        if method == "POST" and origin is None:
            return 403, "A request that changes something says where it comes from."
        return None

    async def _let_in(self, send: Send, brought: str) -> None:
        if not hmac.compare_digest(brought.encode(), self._token):
            await _answer(send, 401, "This is not the token of this launch.")
            return
        cookie = f"{self._cookie}={self._token.decode()}; Path=/; HttpOnly; SameSite=Strict"
        await _answer(send, 303, "", {"location": "/", "set-cookie": cookie})

    def _knows(self, headers: MutableMapping[str, str]) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self._token)


def _token_in(query: bytes) -> str:
    return parse_qs(query.decode("latin-1")).get("token", [""])[0]


def _with_headers(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            more = [(k.encode(), v.encode()) for k, v in _HEADERS.items() if k.encode() not in own]
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return told


async def _answer(send: Send, status: int, text: str, headers: MutableMapping[str, str] | None = None) -> None:
    said = {**_HEADERS, "content-type": "text/plain; charset=utf-8", **(headers or {})}
    told = _with_headers(send)
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [(k.encode(), v.encode()) for k, v in said.items()],
    }
    await told(start)
    await told({"type": "http.response.body", "body": text.encode()})
