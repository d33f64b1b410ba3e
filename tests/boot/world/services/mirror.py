"""A mirror of everything that is downloaded: releases, Debian and npm packages, container images."""
import hashlib

from standing import WORLD, Handler, orders, record, serve

FILES = WORLD / "files"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


class Mirror(Handler):
    def do_GET(self):
        path, _ = self.split()
        status = self.deliver(path.strip("/"), orders("mirror"))
        record("mirror", path=path, status=status)

    do_HEAD = do_GET

    def deliver(self, path, plan):
        if any(path.startswith(prefix) for prefix in plan.get("down", [])):
            self.answer(503)
            return 503
        if path == "v2":
            self.answer(200, {})
            return 200
        if "/manifests/" in path:
            return self.manifest(path, plan)
        file = FILES / path
        if path.startswith("npm/") and file.is_dir():
            file /= "index.json"
        if ".." in path or not file.is_file():
            self.answer(404)
            return 404
        content = file.read_bytes()
        if plan.get("tampered") and path.startswith("releases/") and not path.endswith(".txt"):
            content += b"\n# not what was released\n"
        if plan.get("reissued") and path.startswith("releases/"):
            content = self.reissued(file)
        self.answer(200, content, "application/octet-stream")
        return 200

    def manifest(self, path, plan):
        """By tag or by digest; a tag may have been moved to another image."""
        tags = (FILES / path).parent
        tag = FILES / (path + (".moved" if plan.get("moved") else ""))
        found = [file for file in tags.glob("*") if self.digest(file) == path.rsplit("/", 1)[1] or file == tag]
        if not found:
            self.answer(404, {"errors": [{"code": "MANIFEST_UNKNOWN"}]})
            return 404
        self.answer(200, found[0].read_bytes(), MANIFEST, Docker_Content_Digest=self.digest(found[0]))
        return 200

    @staticmethod
    def reissued(file):
        """Another release under the same version, whose checksums are in order."""
        changed = {asset: asset.read_bytes() + b"\n# released once more\n" for asset in file.parent.glob("codewhale-linux-*")}
        if file in changed:
            return changed[file]
        sums = [f"{hashlib.sha256(content).hexdigest()}  {asset.name}\n" for asset, content in changed.items()]
        return "".join(sums).encode()

    @staticmethod
    def digest(file):
        return "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()


serve(Mirror, "203.0.113.20", 443, tls=True)
