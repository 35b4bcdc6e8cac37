"""Chromium in Scrim's place: pictures that are fetched and decoded, under a blur without colours."""

import json
import os
import shutil
import subprocess

# The same box as Scrim's medium; a key shows the next one, which has been decoded and laid out.
PAGE = """<!doctype html><meta charset="utf-8"><title>Pictures</title>
<style>
html, body { margin: 0; height: 100%%; overflow: hidden; background: #222 }
img { position: absolute; left: 110px; top: 60px; width: 720px; height: 480px; object-fit: fill;
      filter: blur(18px) grayscale(1); visibility: hidden }
img.shown { visibility: visible }
</style>
<script>
const pictures = %s.map((address) => {
  const picture = new Image();
  picture.src = address;
  return picture;
});
let at = 0;
addEventListener("DOMContentLoaded", async () => {
  document.body.append(...pictures);
  await Promise.all(pictures.map((picture) => picture.decode()));
  pictures[0].className = "shown";
});
addEventListener("keydown", (event) => {
  if (event.key !== "f" || at + 1 >= pictures.length) return;
  pictures[at].className = "";
  pictures[++at].className = "shown";
});
</script>
<body>
"""


def program():
    """The browser's path; None if it is not installed."""
    return shutil.which("chromium")


def open_pictures(browser, folder, pictures):
    """Starts the browser with a profile of its own and the pictures; the caller ends it."""
    folder.mkdir()
    page = folder / "pictures.html"
    page.write_text(PAGE % json.dumps([picture.resolve().as_uri() for picture in pictures]))
    words = [browser, f"--user-data-dir={folder / 'profile'}", "--no-first-run", "--window-size=1280,800"]
    words += ["--disable-background-networking", "--disable-gpu", "--window-position=43,50"]
    if os.geteuid() == 0:
        words.append("--no-sandbox")  # it refuses to run as root otherwise
    words.append(f"--app={page.as_uri()}")
    return subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
