"""A reverse proxy as it stands before an application: it says who signed in.

It serves one person, named when it starts; what a visitor says of themselves is taken off.
Bytes are passed on as they are, so that web sockets go through.
"""

import socket  # noqa: TID251 - it is a proxy
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEADER = "X-Remote-User"


def _head(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return b""
        data += piece
    return data


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _serve(client: socket.socket, port: int, user: str) -> None:
    """Pass on one connection: each holds one request, or one web socket."""
    with client, socket.create_connection(("localhost", port)) as behind, suppress(OSError):
        first, _, rest = _head(client).partition(b"\r\n")
        lines, _, body = rest.partition(b"\r\n\r\n")
        drop = (HEADER.lower() + ":", "connection: keep-alive")
        kept = [one for one in lines.split(b"\r\n") if not one.lower().startswith(
            tuple(name.encode() for name in drop))]  # fmt: skip
        kept += [f"{HEADER}: {user}".encode(), b"X-Forwarded-For: 203.0.113.9"]
        if not any(one.lower().startswith(b"upgrade:") for one in kept):
            kept.append(b"Connection: close")
        behind.sendall(b"\r\n".join([first, *kept]) + b"\r\n\r\n" + body)
        back = threading.Thread(target=_pass_on, args=(behind, client), daemon=True)
        back.start()
        _pass_on(client, behind)
        back.join()


@contextmanager
def proxy(address: str, user: str) -> Iterator[str]:
    """Stand before ``address`` until the end of the block; yields the proxy's own address."""
    port = int(address.rsplit(":", 1)[1])
    with socket.create_server(("localhost", 0)) as door:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    client, _ = door.accept()
                    threading.Thread(target=_serve, args=(client, port, user), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://localhost:{door.getsockname()[1]}"
