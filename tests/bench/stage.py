"""A queue server with generated pictures, a throw-away profile, and Scrim on top of them."""

import datetime
import json
import pathlib
import subprocess
import time

STOP_S = 15
READY_S = 60
HUGE_PIXELS = 11_000_000
FAMILIES = {(1024, 768), (512, 384)}  # among these sizes are copies of each other, which are offered, not shown
HAND = 6  # items that a desk holds at most
POST = 4  # pictures of a post


def posts(large, usual):
    """A hand full of posts: a huge picture, in turn, and others, each once; none if they are too few."""
    made = []
    for at in range(HAND if large else 0):
        others = usual[at * (POST - 1) : (at + 1) * (POST - 1)]
        if len(others) < POST - 1:
            return []
        lines = [large[at % len(large)], *others]
        media = [{**line["item"]["media"][0], "n": n} for n, line in enumerate(lines)]
        item = {**others[0]["item"], "kind": "post", "media": media}
        made.append({**others[0], "item": item, "files": [line["files"][0] for line in lines]})
    return made


def processes_under(pid):
    """pid → name, of a process and everything below it."""
    parents, names = {}, {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "stat").read_text()
        except OSError:
            continue  # it has ended
        name, rest = said[said.index("(") + 1 : said.rindex(")")], said[said.rindex(")") + 2 :].split()
        parents[int(folder.name)], names[int(folder.name)] = int(rest[1]), name
    found, grown = {pid}, True
    while grown:
        more = {one for one, parent in parents.items() if parent in found} | found
        found, grown = more, more != found
    return {one: names[one] for one in found if one in names}


def cpu_ticks(pid):
    """Clock ticks that a process has used, its own and the system's for it."""
    rest = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(rest[11]) + int(rest[12])


def pss_kib(pid):
    """Memory of a process, shared pages by its share."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise SystemExit("The kernel does not say how much memory a process has.")


def end(process):
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Stage:
    """One server with its items and the profile that is signed in to it."""

    def __init__(self, binaries, folder, seed, count, huge):
        self.binaries, self.folder = binaries, folder
        self.server = self.agent = None
        folder.mkdir()
        self.profile = folder / "profile"
        self._make_items(seed, count, huge)
        database = ["--db", str(folder / "server.db")]
        self._run("scrim-server", "seed", *database, "--from", str(folder / "samples"))
        words = ["--user", "bench", "--role", "moderator", "--name", "Bench"]
        token = self._run("scrim-server", "token", "add", *database, *words)
        words = ["serve", *database, "--environment", "test", "--parent-watch"]
        self.server = subprocess.Popen(
            [binaries / "scrim-server", *words, "--duty-contact", "Bench=extension 100"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        origin = self.server.stdout.readline().strip().removeprefix("listening on ")
        if not origin.startswith("http"):
            self.close()
            raise SystemExit("The queue server did not say where it listens.")
        file = folder / "token"
        file.touch(mode=0o600)
        file.write_text(token)
        self._run("scrim", "--profile", str(self.profile), "sign-in", origin, "--token-file", str(file))

    def _run(self, program, *words):
        done = subprocess.run(
            [self.binaries / program, *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=READY_S * 5,
        )
        if done.returncode:
            raise SystemExit(f"{program} {words[0]} failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def _make_items(self, seed, count, huge):
        """Pictures, all different, none of them huge; or posts that begin with a huge one.

        Each may be allowed, and none is known: a desk does not load what it knows exactly.
        """
        samples = self.folder / "samples"
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        words = ["--seed", str(seed), "--count", str(count), "--now", now, "--out", str(samples)]
        self._run("scrim-samples", *words, "--kinds", "image", "--no-broken")
        listed, usual, large, shown = samples / "items.jsonl", [], [], set()
        for text in listed.read_text().splitlines():
            line = json.loads(text)
            item, media = line["item"], line["item"]["media"]
            if len(media) != 1 or media[0]["known"] or item["texts"] or "allow" not in item.get("allowed_actions", []):
                continue
            if media[0]["sha256"] in shown or (media[0]["width"], media[0]["height"]) in FAMILIES:
                continue
            shown.add(media[0]["sha256"])
            is_huge = media[0]["width"] * media[0]["height"] >= HUGE_PIXELS
            (large if is_huge else usual).append(line)
        kept = posts(large, usual) if huge else usual
        if not kept:
            raise SystemExit("Among the generated items there are too few to measure with.")
        held = [medium["sha256"] for line in kept[:HAND] for medium in line["item"]["media"]]
        self.previews = len(set(held))
        listed.write_text("".join(json.dumps(line) + "\n" for line in kept))

    def start(self):
        self.agent = subprocess.Popen(
            [self.binaries / "scrim-agent", "--profile", str(self.profile)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self):
        """Ends Scrim and waits until nothing of it is left, so that no run disturbs the next."""
        if self.agent is None:
            return
        left = [pathlib.Path(f"/proc/{pid}") for pid in processes_under(self.agent.pid)]
        end(self.agent)
        self.agent = None
        deadline = time.monotonic() + STOP_S
        while any(folder.exists() for folder in left):
            if time.monotonic() > deadline:
                raise SystemExit("Scrim's processes outlive their agent.")
            time.sleep(0.02)

    def ours(self):
        """pid → name, of the agent and the window; workers are another matter."""
        wanted = ("scrim-agent", "scrim-window")
        return {pid: name for pid, name in processes_under(self.agent.pid).items() if name in wanted}

    def close(self):
        self.stop()
        if self.server is not None:
            end(self.server)
            self.server = None
