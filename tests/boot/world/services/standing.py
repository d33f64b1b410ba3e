"""What the outside services share: orders from the test, a record of who asked what, HTTP."""
import http.server
import json
import pathlib
import socket
import ssl
import threading
import urllib.parse

WORLD = pathlib.Path("/srv/world")
_lock = threading.Lock()


def orders(service):
    """Read anew each time, so that a test can change its mind while the machine runs."""
    return json.loads((WORLD / "orders.json").read_text()).get(service, {})


def record(service, **what):
    with _lock, open(WORLD / "log" / f"{service}.jsonl", "a", encoding="utf-8") as log:
        log.write(json.dumps(what) + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def split(self):
        """Path and query."""
        url = urllib.parse.urlsplit(self.path)
        return urllib.parse.unquote(url.path), dict(urllib.parse.parse_qsl(url.query))

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, body=b"", content_type="application/json", **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


class Server6(Server):
    address_family = socket.AF_INET6


def serve(handler, address, port, tls=False):
    server = (Server6 if ":" in address else Server)((address, port), handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(WORLD / "tls" / "cert.pem", WORLD / "tls" / "key.pem")
        # The handshake belongs to the connection's own thread: a slow client must not hold up the others.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()
