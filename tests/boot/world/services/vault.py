"""A Key Vault: secrets with versions, for whoever brings a token of the metadata service."""
from standing import WORLD, Handler, orders, record, serve

refused = set()
refusals = 0
missed = 0


def known(token):
    try:
        return token in (WORLD / "log" / "tokens").read_text().split()
    except FileNotFoundError:
        return False


class Vault(Handler):
    def do_GET(self):
        global refusals, missed
        path, query = self.split()
        host = self.headers.get("Host", "").split(".")[0]
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")

        def say(status, body=None, **headers):
            record("vault", path=path, status=status)
            self.answer(status, body or {"error": {"code": status}}, **headers)

        if not known(token):
            return say(
                401,
                WWW_Authenticate='Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"',
            )
        if query.get("api-version") != "7.4":
            return say(400)
        plan = orders("vault")
        # A token keeps the roles it was made with: one that was refused never works later.
        if token in refused or refusals < plan.get("refusals", 0):
            refused.add(token)
            refusals += 1
            return say(403, {"error": {"code": "Forbidden", "innererror": {"code": "ForbiddenByRbac"}}})
        if missed < plan.get("missing", 0):
            missed += 1
            return say(404, {"error": {"code": "SecretNotFound"}})
        parts = path.strip("/").split("/")
        versions = plan["secrets"].get(parts[1], []) if parts[0] == "secrets" and len(parts) > 1 else []
        number = int(parts[2]) if len(parts) > 2 else len(versions)
        if not 0 < number <= len(versions):
            return say(404, {"error": {"code": "SecretNotFound"}})
        address = f"https://{host}.vault.azure.net/secrets/{parts[1]}/{number}"
        return say(200, {"value": versions[number - 1], "id": address, "attributes": {"enabled": True}})


serve(Vault, "203.0.113.10", 443, tls=True)
