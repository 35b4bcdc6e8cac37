"""Measures Scrim's records, calls and real processes, and prints a table.

    bench.py --bin DIR --scratch DIR --out FILE [--quick] [--only ROW …]

"Presented" is the first picture of the display that holds the pixels at which the item's box comes
to rest, as in docs; keys are sent through XTest. No display's clock is involved: the probe
looks about every millisecond, on the same cores that do the work.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import decodes
import hashes
import label_studio
import peer
import records
import teams
from screen import Screen, is_cover
from stage import Stage, cpu_ticks, end, processes_under, pss_kib

FRAME_S = 1 / 60
START_MAX_S = 60
STEP_MAX_S = 10
STILL_S = 0.5
READY_S = 1.5  # for the next items to be fetched and covered ahead
IDLE_S = 10
BREATHE_S = 8  # until what follows a start has ended
ELSEWHERE = {
    "7b": "cold item",
    "10": "many desks at one server",
}


class NotReached(Exception):
    """What was to be measured did not come about."""


def box_of(screen):
    """A box in the middle of where the medium is, whatever its shape."""
    width, height = screen.size()
    # The window is 1280 × 800 in the middle of the display; a wide medium is the lowest one.
    left, top = (width - 1280) // 2, (height - 800) // 2
    return left + 350, top + 230, 240, 120


def settled(screen, box, accepts, what, seconds):
    seen = screen.until_still(box, accepts, STILL_S, seconds)
    if seen is None:
        raise NotReached(f"waited {seconds} s for {what}")
    return seen


def row(name, value, unit, base, must, aim, state, samples):
    """One line of the table; `must` is the most that `value` may be."""
    return {
        "name": name,
        "value": round(value, 4),
        "ratio": None,
        "unit": unit,
        "base": base,
        "goal": must,
        "aim": aim,
        "ok": value <= must,
        "medians": {"scrim": round(value, 4)},
        "rounds": len(samples),
        "samples": [round(one, 4) for one in samples],
        "state": state,
    }


def not_measured(name, why):
    return {"name": name, "value": None, "ratio": None, "goal": None, "ok": None, "state": f"not measured: {why}"}


def start(stage, screen, box, grey):
    """Seconds from the start of the agent to its first covered item."""
    # A cover that the run before left on the display would be taken for this one's.
    deadline = time.monotonic() + STEP_MAX_S
    while grey(screen.grab(box)):
        if time.monotonic() > deadline:
            raise NotReached(f"waited {STEP_MAX_S} s for the window before to go")
        time.sleep(0.02)
    began = time.monotonic()
    stage.start()
    presented, _ = settled(screen, box, grey, "the first covered item", START_MAX_S)
    return presented - began


def starts(stage, screen, box, grey, rounds):
    first = start(stage, screen, box, grey)
    samples = []
    for _ in range(rounds):
        stage.stop()
        samples.append(start(stage, screen, box, grey))
    state = f"profile used before; the very first start took {first:.2f} s"
    return row("13 start to first covered item", statistics.median(samples), "s", None, 1.5, 0.7, state, samples)


def idle(stage, screen):
    """Processor time and drawing while nothing is touched; the agent runs with an item open."""
    time.sleep(BREATHE_S)
    width, height = screen.size()
    ours = stage.ours()
    before = {pid: cpu_ticks(pid) for pid in ours}
    began, last, changed = time.monotonic(), screen.grab((0, 0, width, height)), 0
    for second in range(1, IDLE_S + 1):
        time.sleep(max(0.0, began + second - time.monotonic()))
        now = screen.grab((0, 0, width, height))
        changed += now != last
        last = now
    took = time.monotonic() - began
    used = sum(cpu_ticks(pid) - before[pid] for pid in ours) / os.sysconf("SC_CLK_TCK")
    share = 100 * used / took
    state = f"item open, {' + '.join(sorted(ours.values()))}, {IDLE_S} s"
    yield row("11 idle: share of a core", share, "%", None, 1.0, 0.0, state, [share])
    state = f"whole display, {IDLE_S} pairs one second apart"
    yield row("11 idle: frames that differ", changed, "frames", None, 0, 0, state, [changed])


def press_next(screen, box, accepts):
    """Seconds from the key for "fine" to the next item's cover at rest."""
    before = screen.grab(box)
    began = time.monotonic()
    screen.press("f")
    presented, _ = settled(
        screen, box, lambda pixels: pixels != before and accepts(pixels), "the next item", STEP_MAX_S
    )
    return presented - began


def waits(rounds):
    """Seconds before each key: spread over a second, so that no beat of either program is met always or never."""
    return [READY_S + step / rounds for step in range(rounds)]


def keys(stage, screen, box, grey, rounds, scratch):
    """Scrim and, if it is there, Chromium, one after the other: each needs the keyboard to itself."""
    samples = []
    for wait in waits(rounds):
        time.sleep(wait)
        samples.append(press_next(screen, box, grey))
    median = statistics.median(samples)
    state = "next items in hand and covered ahead; undo is offered"
    frames = [sample / FRAME_S for sample in samples]
    yield row("7 key to next covered item", median / FRAME_S, "frames", None, 2.0, 1.0, state, frames)
    stage.stop()
    name = "7 key to next, against Chromium"
    program = peer.program()
    if program is None:
        yield not_measured(name, "chromium is not installed")
        return
    pictures = sorted((stage.folder / "samples" / "media").glob("*.jpg"))[: rounds + 2]
    browser = peer.open_pictures(program, scratch / "chromium", pictures)
    theirs = []
    try:
        settled(screen, box, grey, "Chromium's first picture", START_MAX_S)
        for wait in waits(rounds):
            time.sleep(wait)
            theirs.append(press_next(screen, box, grey))
    except NotReached as fault:
        yield not_measured(name, f"Chromium: {fault}")
        return
    finally:
        end(browser)
    base = statistics.median(theirs)
    made = row(name, median / base, "ratio", "Chromium, prefetched <img>, blur and grey", 0.5, None, state, theirs)
    made["ratio"] = made["value"]
    made["medians"] = {"scrim": round(median, 4), "chromium": round(base, 4)}
    made["samples"] = {"scrim": [round(s, 4) for s in samples], "chromium": [round(s, 4) for s in theirs]}
    yield made


def looks(stage, screen, box, grey, rounds):
    """The key for the clear view of 12 megapixels that were made ahead, to the picture on the display."""
    stage.start()
    settled(screen, box, grey, "the first covered item", START_MAX_S)
    frames = []
    for wait in waits(rounds):
        # A hand holds Shift before it presses the other key, and the window draws a frame for each.
        screen.hold("Shift_L", True)
        time.sleep(wait)
        before = screen.grab(box)
        began = time.monotonic()
        screen.press("r")
        clear = lambda pixels: pixels != before and not grey(pixels)  # noqa: B023, E731
        presented, _ = settled(screen, box, clear, "the clear picture", STEP_MAX_S)
        frames.append((presented - began) / FRAME_S)
        screen.press("r")
        screen.hold("Shift_L", False)
        settled(screen, box, grey, "the cover", STEP_MAX_S)
    state = "12 MP, made ahead; the look is recorded first"
    yield row("8 look to clear picture", statistics.median(frames), "frames", None, 2.0, 1.0, state, frames)


def memory(stage, screen, box, grey):
    if not stage.ours():
        stage.start()
        settled(screen, box, grey, "the first covered item", START_MAX_S)
    time.sleep(READY_S * 2)
    before = screen.grab(box)
    screen.hold("Shift_L", True)
    screen.press("r")
    screen.hold("Shift_L", False)
    settled(
        screen, box, lambda pixels: pixels != before and not grey(pixels), "the clear picture", STEP_MAX_S
    )
    parts = {name: pss_kib(pid) / 1024 for pid, name in stage.ours().items()}
    others = [pid for pid, name in processes_under(stage.agent.pid).items() if name not in parts]
    workers = sum(pss_kib(pid) for pid in others) / 1024
    each = ", ".join(f"{name} {size:.0f}" for name, size in sorted(parts.items()))
    state = (
        f"one clear 12 MP picture, {stage.previews} covered previews in hand; {each}; "
        f"workers beside them {workers:.0f}"
    )
    total = sum(parts.values())
    return row("12 memory (PSS)", total, "MB", None, 350, 220, state, [total])


def attempt(given, name, work):
    """A row that cannot be reached is said so and is not passed."""
    try:
        yield from work
    except (NotReached, records.Failed) as fault:
        yield {**not_measured(name, str(fault)), "ok": False}
        picture = given.out.parent / f"not-reached-{name.split()[0]}.png"
        subprocess.run(["import", "-window", "root", str(picture)], check=False)


def measure(given):
    """All rows, or those that were asked for."""
    wanted = lambda *rows: not given.only or any(row in given.only for row in rows)  # noqa: E731
    rounds = 3 if given.quick else 9
    if wanted("1", "1b", "2", "2b"):
        yield from attempt(given, "1 to 2b decoding", decodes.decodes(given, rounds, not_measured))
    if wanted("3"):
        yield from attempt(given, hashes.NAME, hashes.hashes(given, rounds, not_measured))
    if wanted("4"):
        yield from attempt(given, hashes.NEAR, hashes.near(given, rounds, not_measured))
    if wanted("5"):
        yield from attempt(given, "5 durable commit", records.commits(given, rounds))
    if wanted("6", "6b"):
        yield from attempt(given, teams.GROUPS, teams.teams(given, rounds, not_measured))
    if wanted("9"):
        yield from attempt(given, "9 submit and next", records.submits(given, rounds, not_measured))
    if wanted("7", "8", "11", "12", "13"):
        yield from measure_window(given, rounds, Screen())


def measure_window(given, rounds, screen):
    box = box_of(screen)

    def grey(pixels):
        return is_cover(pixels, box[2])

    stage = Stage(given.bin, given.scratch / "usual", 1, 60, huge=False)
    try:
        yield from attempt(given, "13 start", iter_once(lambda: starts(stage, screen, box, grey, rounds)))
        yield from attempt(given, "11 idle", idle(stage, screen))
        yield from attempt(given, "7 key", keys(stage, screen, box, grey, rounds, given.scratch))
    finally:
        stage.close()
    stage = Stage(given.bin, given.scratch / "huge", 1, 240, huge=True)
    try:
        yield from attempt(given, "8 look", looks(stage, screen, box, grey, rounds))
        yield from attempt(given, "12 memory", iter_once(lambda: memory(stage, screen, box, grey)))
    finally:
        stage.close()


def iter_once(work):
    yield work()


def shown(made):
    if made["value"] is None:
        return f"  {made['name']:36} {'–':>10}  {made['state']}"
    verdict = "ok" if made["ok"] else "MISSED"
    return (
        f"  {made['name']:36} {made['value']:8.3g} {made['unit']:7} must ≤ {made['goal']:<5} {verdict:7} "
        f"median of {made['rounds']}; {made['state']}"
    )


def version_of(program, *words):
    try:
        said = subprocess.run([program, *words], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return (said.stdout or said.stderr).strip().splitlines()[0]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bin", type=pathlib.Path, required=True)
    options.add_argument("--scratch", type=pathlib.Path, required=True)
    options.add_argument("--out", type=pathlib.Path, required=True)
    options.add_argument("--quick", action="store_true", help="3 rounds instead of 9")
    options.add_argument("--only", nargs="+", default=[], metavar="ROW", help="rows 1 to 2b (all of decoding), 3, 4, 5, 6 (with 6b) and 9, and 7: all of the window's")
    given = options.parse_args()
    given.bin = given.bin.resolve()
    rows = []
    for made in measure(given):
        rows.append(made)
        print(shown(made), flush=True)
    for numbers, what in ELSEWHERE.items():
        rows.append(not_measured(numbers, f"{what}: not part of this script"))
        print(shown(rows[-1]))
    chromium = peer.program()
    labels = label_studio.program(given.out.parent.parent)
    pdqhash = hashes.program(given.out.parent.parent)
    faiss = hashes.program(given.out.parent.parent, "faiss")
    duckdb = hashes.program(given.out.parent.parent, "duckdb")
    summary = {
        "quick": given.quick,
        "build": "release" if given.bin.name == "release" else "other",
        "rows": rows,
        "versions": {
            "scrim": version_of(str(given.bin / "scrim"), "--version"),
            "chromium": version_of(chromium, "--version") if chromium else None,
            "pdqhash": hashes.version(pdqhash) if pdqhash else None,
            "duckdb": hashes.version(duckdb, "duckdb") if duckdb else None,
            "faiss-cpu": hashes.version(faiss, "faiss-cpu") if faiss else None,
            "label-studio": label_studio.version(labels) if labels else None,
            "python": platform.python_version(),
        },
        "machine": {"cores": os.cpu_count(), "kernel": platform.release(), "load": round(os.getloadavg()[0], 1)},
    }
    given.out.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    missed = [made["name"] for made in rows if made["ok"] is False]
    print("Every must that was measured holds." if not missed else f"Missed: {', '.join(missed)}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    # So that what was started is ended below when this script is told to end.
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
