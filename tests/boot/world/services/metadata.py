"""Azure's instance metadata service, as far as its token endpoint; and others of the clouds' own, which only answer."""
import threading
import time

from standing import WORLD, Handler, orders, record, serve

answered = 0


class Metadata(Handler):
    def do_GET(self):
        global answered
        path, query = self.split()
        if path != "/metadata/identity/oauth2/token":
            record("metadata", path=path, status=404)
            return self.answer(404)
        plan = orders("metadata")
        time.sleep(plan.get("delay", 0))
        refusal = self.refusal(query)
        if refusal:
            record("metadata", path=path, status=400, refusal=refusal)
            return self.answer(400, {"error": "invalid_request", "error_description": refusal})
        first = plan.get("first", [])
        answered += 1
        if answered <= len(first):
            status = first[answered - 1]
            record("metadata", path=path, status=status)
            return self.answer(status, {"error": "not yet"}, Retry_After="1")
        token = f"MARKED-IDENTITY-{answered}"
        with open(WORLD / "log" / "tokens", "a", encoding="utf-8") as tokens:
            tokens.write(token + "\n")
        record("metadata", path=path, status=200)
        return self.answer(
            200,
            {"access_token": token, "expires_in": "86399", "resource": query["resource"], "token_type": "Bearer"},
        )

    def refusal(self, query):
        if self.headers.get("Metadata") != "true":
            return "Required metadata header not specified"
        if self.headers.get("X-Forwarded-For"):
            return "a proxy must not ask"
        if query.get("api-version") != "2018-02-01":
            return "api-version"
        if query.get("resource") != "https://vault.azure.net":
            return "resource"
        return None


for other in ("169.254.0.23", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254"):
    threading.Thread(target=serve, args=(Metadata, other, 80), daemon=True).start()
serve(Metadata, "169.254.169.254", 80)
