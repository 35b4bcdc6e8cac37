#!/usr/bin/env python3
"""Checks an evidence pack of Scrim, with Python alone: python3 verify_chain.py PACK

Says which entry of the chain, or whose file, was changed (exit code 1). It cannot see that a whole pack was written
anew: compare the head that it prints with what the desk or the queue server says."""
import hashlib, json, pathlib, re, sys


def sha(data):
    return hashlib.sha256(data).hexdigest()


def bad(entry, what):
    raise SystemExit(f"Entry {entry} is not as it was written: {what}.")


def walk(lines, place):
    """The place and the hash of the last entry; the first bad one ends it."""
    before = "0" * 64 if place == 1 else None
    for line in lines:
        stored, _, header = line.partition(b"  ")
        if sha(header).encode() != stored:
            bad(place, "its header does not have the stored hash")
        try:
            seq, prev_hash = (json.loads(header)[name] for name in ("seq", "prev_hash"))
        except (ValueError, LookupError, TypeError):
            bad(place, "its header cannot be read")
        if seq != place:
            bad(seq, "an entry is missing before it")
        if before not in (None, prev_hash):
            bad(place, "it does not name the entry before it")
        before, place = stored.decode(), place + 1
    return place - 1, before


def check(pack):
    files = {path.name: path.read_bytes() for path in pathlib.Path(pack).iterdir()}
    manifest, chain = (files.pop("DRAFT-manifest.sha256", b""), files.get("DRAFT-chain.json", b""))
    listed, _, own = manifest.rpartition(b"# sha256 of the lines above: ")
    is_whole = own == sha(listed).encode() + b"\n"
    # One of the two still says which entry the pack is about.
    found = re.search(rb"# entry (\d+)\n", listed) if is_whole else re.search(rb'"entry": (\d+)', chain)
    entry = found[1].decode() if found else "?"
    names = {line[66:]: line[:64] for line in listed.decode(errors="replace").split("\n") if line[64:66] == "  "}
    wrong = [name for name in sorted({*names, *files}) if sha(files.get(name, b"")) != names.get(name)]
    for name in ["DRAFT-manifest.sha256"] if not is_whole else [name for name in wrong if name != "DRAFT-chain.txt"]:
        bad(entry, f"the file {name} of its pack was changed")
    told = json.loads(chain)
    last, head = walk(files.get("DRAFT-chain.txt", b"").split(b"\n")[1:-1], told["first"])
    if wrong:
        bad(entry, "the file DRAFT-chain.txt of its pack was changed")
    if last != told["last"] or (last == told["chain_entries"] and head != told["chain_head"]):
        bad(last, "it is not the end of the chain that the pack names")
    print(f"Entries {told['first']} to {last} are as they were written. The pack is about entry {entry}.")
    print(f"The chain has {told['chain_entries']} entries. Head of the chain: {told['chain_head']}")


if __name__ == "__main__":
    sys.exit("Name the folder of one pack." if len(sys.argv) != 2 else check(sys.argv[1]))
