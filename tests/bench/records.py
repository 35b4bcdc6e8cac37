"""Rows 5 and 9: decisions on record, and from a decision to the next item over the wire."""

import json
import shutil
import statistics
import subprocess

import label_studio
from stage import end

RUN_S = 600
STEPS = 5  # items in a round of row 9


class Failed(Exception):
    """A program did not do what was to be measured."""


def run(words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=RUN_S)
    if done.returncode:
        raise Failed(f"{words[0].name}: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()


def ratio(name, figures, peer, must, aim, state):
    """One line of the table; the base is the median of what the peer took."""
    ours, theirs = statistics.median(figures["scrim"]), statistics.median(figures["base"])
    by_round = [s / b for s, b in zip(figures["scrim"], figures["base"])]
    value = statistics.median(by_round)
    return {
        "name": name,
        "value": round(value, 4),
        "ratio": round(value, 4),
        "unit": "ratio",
        "base": peer,
        "goal": must,
        "aim": aim,
        "ok": value <= must,
        "medians": {"scrim": round(ours, 4), peer: round(theirs, 4)},
        "rounds": len(by_round),
        "samples": [round(one, 4) for one in by_round],
        "state": f"{ours:.3g} ms to {theirs:.3g} ms; {state}",
    }


def commits(given, rounds):
    """Row 5, on the disk that the bench's results are written to: never on one that is memory."""
    words = [given.bin / "bench-commit", "--folder", given.out.parent, "--rounds", str(rounds)]
    figures = json.loads(run(words))
    for state in ("steady", "growing"):
        slowest = f"slowest commit {figures[state]['scrim_max']:.3g} ms"
        name = f"5 durable commit, {state}"
        yield ratio(name, figures[state], "4 KiB + fdatasync", 1.8, 1.45, slowest)


class Queue:
    """A real server with short texts, and a moderator's token."""

    def __init__(self, given, folder, count):
        folder.mkdir()
        samples, database = folder / "samples", ["--db", str(folder / "server.db")]
        run([given.bin / "scrim-samples", "--count", str(count), "--kinds", "text", "--out", str(samples)])
        listed = samples / "items.jsonl"
        lines = [line for line in listed.read_text().splitlines() if "allow" in json.loads(line)["item"]["allowed_actions"]]
        listed.write_text("".join(line + "\n" for line in lines))
        server = given.bin / "scrim-server"
        run([server, "seed", *database, "--from", str(samples)])
        self.token_file = folder / "token"
        self.token_file.write_text(run([server, "token", "add", *database, "--user", "bench", "--role", "moderator"]))
        self.process = subprocess.Popen(
            [server, "serve", *database, "--environment", "test", "--parent-watch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self.process.stdout.readline().strip().removeprefix("listening on ")

    def close(self):
        end(self.process)


def submits(given, rounds, not_measured):
    """Row 9. Without Label Studio it is said how long Scrim takes, and nothing is passed."""
    name, folder = "9 submit and next, over the wire", given.out.parent / f"row-9-{given.scratch.name}"
    folder.mkdir()
    count = (rounds + 2) * STEPS + 2
    found, peer = label_studio.program(given.out.parent.parent), None
    queue = Queue(given, folder / "scrim", count * 2)
    try:
        words = [given.bin / "bench-submit", "--folder", folder, "--rounds", str(rounds), "--steps", str(STEPS)]
        words += ["--server", queue.address, "--token-file", queue.token_file]
        why = "Label Studio is not installed"
        if found is not None:
            try:
                peer = label_studio.LabelStudio(found, folder / "peer", count)
                words += ["--peer", peer.address, "--peer-token", peer.token, "--peer-project", str(peer.project)]
            except label_studio.NotThere as fault:
                why = f"Label Studio does not run: {fault}"
        figures = json.loads(run(words))
        if peer is None:
            took = statistics.median(figures["scrim"])
            yield not_measured(name, f"{why}; Scrim takes {took:.3g} ms")
        else:
            state = "on record, sent, receipt on record, next claim"
            yield ratio(name, figures, "Label Studio, SQLite", 0.25, 0.05, state)
    finally:
        queue.close()
        if peer is not None:
            peer.close()
        shutil.rmtree(folder)
