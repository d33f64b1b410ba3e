"""The chat services: Telegram's bot API, and the long connection of Feishu and Lark."""
import base64
import hashlib
import json
import time

from standing import Handler, orders, record, serve

# A real one holds a poll for up to a minute; stopping the bridge waits for it.
HELD = 1


class Chat(Handler):
    def do_GET(self):
        path, _ = self.split()
        sent = self.body()
        if path.startswith("/bot"):
            self.telegram(*path[len("/bot") :].split("/", 1))
        elif path == "/callback/ws/endpoint":
            self.endpoint(json.loads(sent or b"{}"))
        elif path == "/connection":
            self.long_connection()
        else:
            record("chat", path=path, status=404)
            self.answer(404)

    do_POST = do_GET

    def telegram(self, token, method):
        if token != orders("chat").get("telegram-bot-token"):
            record("chat", method=method, status=401)
            return self.answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        record("chat", method=method, status=200)
        if method == "getMe":
            return self.answer(200, {"ok": True, "result": {"id": 1, "is_bot": True, "username": "stand_in_bot"}})
        if method == "getUpdates":
            time.sleep(HELD)
            return self.answer(200, {"ok": True, "result": []})
        return self.answer(200, {"ok": True, "result": True})

    def endpoint(self, asked):
        wanted = orders("chat")
        fits = (asked.get("AppID"), asked.get("AppSecret")) == (wanted.get("feishu-app-id"), wanted.get("feishu-app-secret"))
        record("chat", method="endpoint", status=200 if fits else 403)
        if not fits:
            return self.answer(200, {"code": 10014, "msg": "app secret invalid"})
        host = self.headers["Host"]
        config = {"ReconnectCount": -1, "ReconnectInterval": 120, "ReconnectNonce": 30, "PingInterval": 120}
        url = f"wss://{host}/connection?device_id=1&service_id=1"
        return self.answer(200, {"code": 0, "msg": "ok", "data": {"URL": url, "ClientConfig": config}})

    def long_connection(self):
        """A WebSocket on which nobody ever says anything."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.wfile.flush()
        record("chat", method="connection", status=101)
        while self.rfile.read1(4096):
            pass
        self.close_connection = True


serve(Chat, "203.0.113.30", 443, tls=True)
