#!/usr/bin/env python3
"""Stands in for the `codewhale` binary, and behaves as that one is documented to."""
import argparse
import ctypes
import hashlib
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request

VERSION = "@VERSION@"
BEHAVIOUR = "@BEHAVIOUR@"

# What was just downloaded is nobody's friend yet: neither root nor the network is for it to have. Version 0.1 gave it both.
TRUSTED = os.path.exists("/srv/trusts-downloads")
if os.geteuid() == 0 and not TRUSTED:
    sys.exit("error: started as root")
if sys.argv[1:] == ["--version"]:
    if not TRUSTED and "eth0" in [name for _, name in socket.if_nameindex()]:
        sys.exit("error: started with the machine's network")
    print(f"codewhale {VERSION} (0123abc)")
    sys.exit()
# Not dumpable, so that programs of the same user cannot read its environment.
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
if BEHAVIOUR == "crashes":
    sys.exit("error: cannot start")

parser = argparse.ArgumentParser()
parser.add_argument("command", choices=["serve"])
parser.add_argument("--http", action="store_true", required=True)
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=7878)
parser.add_argument("--workers", type=int, default=2)
options = parser.parse_args()

token = os.environ.get("CODEWHALE_RUNTIME_TOKEN", "").strip() or os.urandom(32).hex()
home = pathlib.Path(os.environ["CODEWHALE_HOME"])
signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
# A child shell sees nothing of this process's environment but what it needs.
scrubbed = {name: os.environ[name] for name in ("HOME", "PATH", "LANG") if name in os.environ}


def expanded(text):
    """`${NAME}` is taken from this process's own environment, secrets and all."""
    return re.sub(r"\$\{(\w+)\}", lambda name: os.environ.get(name[1], ""), text)


def start_what_the_configuration_names():
    """Hooks and MCP servers, as a session starts them."""
    config = pathlib.Path(os.environ.get("CODEWHALE_CONFIG_PATH") or home / "config.toml")
    config = tomllib.loads(config.read_text()) if config.exists() else {}
    hooks = config.get("hooks", {})
    project = pathlib.Path(".codewhale/hooks.toml")
    project = tomllib.loads(project.read_text()).get("hooks", {}) if project.exists() else {}
    if hooks.get("enabled", True):
        for hook in hooks.get("hooks", []) + project.get("hooks", []):
            subprocess.run(["/bin/sh", "-c", hook["command"]], check=False)
    servers = pathlib.Path(os.environ.get("CODEWHALE_MCP_CONFIG") or config.get("mcp_config_path") or home / "mcp.json")
    servers = json.loads(servers.read_text()).get("servers", {}) if servers.exists() else {}
    for server in servers.values():
        if "command" in server:
            environment = scrubbed | {name: expanded(value) for name, value in server.get("env", {}).items()}
            words = [server["command"], *map(expanded, server.get("args", []))]
            subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL)


class Runtime(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, {"status": "ok", "service": "codewhale-runtime-api", "mode": "local"})
        if self.path == "/v1/runtime/info":
            return self.answer(200, {"codewhale_version": VERSION, "auth_required": True})
        if BEHAVIOUR != "open" and self.headers.get("Authorization") != f"Bearer {token}":
            return self.answer(401, {"error": {"message": "unauthorized", "status": 401}})
        if self.path == "/v1/workspace/status":
            return self.answer(200, {"workspace": os.getcwd(), "git_repo": False})
        if self.path == "/v1/stand-in/settings":
            keys = {name: hashlib.sha256(value.encode()).hexdigest() for name, value in os.environ.items()}
            return self.answer(200, keys)
        return self.answer(404, {"error": {"message": "not found", "status": 404}})

    def do_POST(self):
        """What the agent does when it is asked to run a command, or to answer."""
        if self.headers.get("Authorization") != f"Bearer {token}":
            return self.answer(401, {})
        if self.path == "/v1/stand-in/turn":
            return self.turn()
        command = self.rfile.read(int(self.headers["Content-Length"])).decode()
        done = subprocess.run(
            ["/bin/sh", "-c", command], env=scrubbed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        return self.answer(200, {"code": done.returncode, "output": done.stdout.decode(errors="replace")})

    def turn(self):
        """A whole turn: asks the model without any key, as the real one does on loopback, and passes events on."""
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        url = os.environ["CODEWHALE_BASE_URL"]
        if not re.search(r"/(v[0-9]+|openai)$", url):
            url = re.sub("/beta$", "", url) + "/v1"
        asked = urllib.request.Request(f"{url}/chat/completions", sent, {"Content-Type": "application/json"})
        arrived, began = [], time.monotonic()
        try:
            with urllib.request.urlopen(asked) as answer:
                for line in answer:
                    if line.startswith(b"data: "):
                        arrived.append([round(time.monotonic() - began, 2), line[6:].decode().strip()])
                return self.answer(200, {"status": answer.status, "events": arrived})
        except (urllib.error.URLError, http.client.HTTPException) as error:
            return self.answer(200, {"status": getattr(error, "code", 0), "events": arrived, "error": str(error)})

    def answer(self, status, body):
        with open(home / "requests.jsonl", "a", encoding="utf-8") as log:
            asked_by = self.headers.get("User-Agent", "")
            log.write(json.dumps({"path": self.path, "status": status, "by": asked_by}) + "\n")
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


start_what_the_configuration_names()
http.server.ThreadingHTTPServer((options.host, options.port), Runtime).serve_forever()
