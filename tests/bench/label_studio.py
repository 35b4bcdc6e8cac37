"""Label Studio in Scrim's place: its own server on SQLite, a project of short texts, no network but loopback."""

import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

READY_S = 300  # a new database is set up first, which takes a minute or more
TOKEN = "0123456789abcdef0123456789abcdef01234567"
QUESTION = (
    '<View><Text name="text" value="$text"/><Choices name="action" toName="text">'
    '<Choice value="allow"/><Choice value="remove"/></Choices></View>'
)


class NotThere(Exception):
    """It did not start, or does not answer as it should."""


def program(target):
    """Where `./dev bench` has put it; None if it is not there."""
    found = pathlib.Path(target) / "bench" / "label-studio" / "bin" / "label-studio"
    return found.resolve() if found.exists() else None


def version(found):
    said = subprocess.run([found.parent / "pip", "show", "label-studio"], capture_output=True, text=True)
    lines = [line for line in said.stdout.splitlines() if line.startswith("Version: ")]
    return lines[0].removeprefix("Version: ") if lines else None


class LabelStudio:
    """The server with one project; `close` ends it."""

    def __init__(self, found, folder, tasks):
        folder.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address, self.token = f"http://127.0.0.1:{port}", TOKEN
        words = [found, "start", "--no-browser", "--data-dir", folder, "--port", str(port)]
        words += ["--internal-host", "127.0.0.1", "--username", "bench@example.org"]
        words += ["--password", "not-a-secret-1", "--user-token", TOKEN, "--enable-legacy-api-token"]
        own = {"HOME": str(folder), "LABEL_STUDIO_BASE_DATA_DIR": str(folder), "PATH": os.defpath}
        silent = {"COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                words, env=own | silent, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            self._until_ready()
            self.project = self.call("/api/projects/", {"title": "bench", "label_config": QUESTION})["id"]
            texts = [{"text": f"A harmless sentence, number {n}."} for n in range(tasks)]
            self.call(f"/api/projects/{self.project}/import", texts)
        except BaseException:
            self.close()
            raise

    def _until_ready(self):
        deadline = time.monotonic() + READY_S
        while True:
            try:
                return self.call("/api/projects/", None)
            except NotThere:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
            time.sleep(0.5)

    def call(self, path, body):
        head = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(self.address + path, data, head), timeout=60) as answer:
                return json.load(answer)
        except (OSError, ValueError, urllib.error.URLError) as fault:
            raise NotThere(f"{path}: {fault}") from fault

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
