"""Sends one file to whoever connects, by pread and a blocking socket, for comparison.

Run as a program with the port and the file as its arguments.
"""

import os
import sys
from socketserver import BaseRequestHandler, ThreadingTCPServer

_CHUNK = 128 * 1024


class _Sender(BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(4096)
        fd = os.open(sys.argv[2], os.O_RDONLY)
        size = os.fstat(fd).st_size
        self.request.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size)
        offset = 0
        while chunk := os.pread(fd, _CHUNK, offset):
            self.request.sendall(chunk)
            offset += len(chunk)
        os.close(fd)


if __name__ == "__main__":
    ThreadingTCPServer.allow_reuse_address = True
    with ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), _Sender) as server:
        server.serve_forever()
