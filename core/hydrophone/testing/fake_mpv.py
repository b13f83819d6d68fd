"""Stands in for mpv where the real one would have to die, hang or talk rubbish.

`python -m hydrophone.testing.fake_mpv MODE --input-ipc-server=PATH ...`: answers as mpv does, but
`die` ends at the first file, `hang` never answers, `rubbish` answers with no JSON, `long` with a
line that never ends, and `mute` has no output for sound.
"""

import json
import socket
import sys
from typing import IO

_OPTION = "--input-ipc-server="
_MUTE = {
    "event": "end-file",
    "reason": "error",
    "file_error": "audio output initialization failed",
}


def main(mode: str, arguments: list[str]) -> None:
    """Serve one client until it leaves."""
    path = next(one.removeprefix(_OPTION) for one in arguments if one.startswith(_OPTION))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as requests:
            _serve(mode, connection, requests)


def _serve(mode: str, connection: socket.socket, requests: IO[bytes]) -> None:
    entries = 0
    for line in requests:
        request = json.loads(line)
        command = request["command"]
        data: object = None
        if isinstance(command, dict):
            if mode == "die":
                return
            entries += 1
            data = {"playlist_entry_id": entries}
        if mode == "hang" and isinstance(command, dict):
            continue
        if mode == "rubbish":
            connection.sendall(b"<html>\n")
        elif mode == "long":
            connection.sendall(b"[" * (4 * 1024 * 1024))
        answer = {"request_id": request["request_id"], "error": "success", "data": data}
        connection.sendall(json.dumps(answer).encode() + b"\n")
        if mode == "mute" and isinstance(command, dict):
            connection.sendall(json.dumps({**_MUTE, "playlist_entry_id": entries}).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
