"""A launch of the page within the process, spoken to as its own browser does."""

import socket
import threading
from contextlib import contextmanager

import uvicorn
from starlette.testclient import TestClient

TOKEN, PORT = "the-token-of-this-launch", 8123
ORIGIN = f"http://127.0.0.1:{PORT}"


class Browser:
    """What the page's own browser says: its origin, its cookie."""

    def __init__(self, page, *, token=TOKEN):
        self.page = page
        self.client = TestClient(page.app(TOKEN, PORT), base_url=ORIGIN, headers={"origin": ORIGIN})
        if token:
            self.client.get("/", params={"token": token})

    def get(self, path, **params):
        return self.client.get(path, params=params)

    def post(self, path, **content):
        return self.client.post(path, json=content)

    def drop(self, name, content):
        headers = {"content-type": "application/octet-stream"}
        return self.client.post("/api/file", params={"name": name}, content=content, headers=headers)

    def run(self, task, number="1", **options):
        return self.post("/api/run", id=number, task=task, options=options)


@contextmanager
def served(page):
    """Serve a page on a port of its own while the test runs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings = uvicorn.Config(page.app(TOKEN, port), log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/?token={TOKEN}"
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join()
            page.workspace.close()
