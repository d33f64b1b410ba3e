"""A model provider: streams an answer event by event, and remembers who brought which key."""
import json
import time

from standing import Handler, orders, record, serve

EVENTS = 4


class Model(Handler):
    def do_GET(self):
        path, _ = self.split()
        sent = self.body_of_any_length()
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        key = self.headers.get("X-Api-Key") or bearer
        plan = orders("model")
        fits = key in plan.get("keys", [])
        record(
            "model",
            path=self.path,
            status=200 if fits else 401,
            key=key,
            host=self.headers.get("Host"),
            headers=sorted(name.lower() for name in self.headers),
            size=len(sent),
        )
        if not fits:
            return self.answer(401, {"error": {"message": "invalid key"}})
        if path.endswith("/redirect"):
            return self.answer(307, {}, Location="https://mirror.example/elsewhere")
        if self.command == "GET":
            return self.answer(200, {"data": []}, Set_Cookie="session=1")
        pause = json.loads(sent).get("pause", 0)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in range(EVENTS):
            self.chunk(f"data: {json.dumps({'number': number})}\n\n".encode())
            time.sleep(pause)
        self.chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    do_POST = do_GET

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def body_of_any_length(self):
        """The broker passes a body on as it comes, without knowing its length."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.body()
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


serve(Model, "203.0.113.40", 443, tls=True)
