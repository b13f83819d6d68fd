"""Runs the command in this process against a model on a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
from click.testing import CliRunner, Result

from hydrophone.testing.model_subsonic import ModelServer
from hydrophone_subsonic.conformance.cli import main

PASSWORD = "sesame-street"


@contextmanager
def served(model: ModelServer) -> Iterator[str]:
    """Serve a model on a free port; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            answer = model(httpx.Request(self.command, f"http://model{self.path}",
                                         headers=dict(self.headers), content=body))  # fmt: skip
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "content-length" not in answer.headers:
                self.send_header("content-length", "0")
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_OPTIONS = do_HEAD = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - as above

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of clients that leave."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(60)
        server.server_close()


def run(*arguments: str, password: str = "", given: str = "") -> Result:
    """Run the command in this process, which spares half a second each time."""
    environment = {"SUBSONIC_PASSWORD": password}
    return CliRunner().invoke(main, arguments, input=given, env=environment)
