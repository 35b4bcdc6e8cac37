"""What the outer ring of journeys lacks on this machine, as a JSON list.

    needs.py

Each entry has what is missing and, where a package brings it, what that is called on Debian and Ubuntu.
Also asks toolkits of this session to show their accessible trees: without that they keep them to themselves.
"""

import ctypes
import json
import shutil

PROGRAMS = {"xdotool": "xdotool", "xwininfo": "x11-utils"}
WIDTH_MIN, HEIGHT_MIN = 1280, 800
X11, X11_PACKAGE = "libX11.so.6", "libx11-6"
ANSWER_MS = 10_000


def modules():
    try:
        import numpy  # noqa: F401
    except ImportError:
        yield "Python's numpy", "python3-numpy"
    try:
        import gi

        gi.require_version("Atspi", "2.0")
    except ImportError:
        yield "Python's gi", "python3-gi"
    except ValueError:
        yield "the accessibility library's description", "gir1.2-atspi-2.0"


def programs():
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            yield program, package


def display():
    """Whether pixels can be read from this display, and enough of them."""
    try:
        x = ctypes.CDLL(X11)
    except OSError:
        yield X11, X11_PACKAGE
        return
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XDefaultScreen.argtypes = [ctypes.c_void_p]
    x.XDefaultDepth.argtypes = x.XDisplayWidth.argtypes = x.XDisplayHeight.argtypes = [ctypes.c_void_p, ctypes.c_int]
    x.XQueryExtension.argtypes = [ctypes.c_void_p, ctypes.c_char_p] + [ctypes.POINTER(ctypes.c_int)] * 3
    shown = x.XOpenDisplay(None)
    if not shown:
        yield "an X display that answers at DISPLAY", None
        return
    at = x.XDefaultScreen(shown)
    numbers = [ctypes.byref(ctypes.c_int()) for _ in range(3)]
    if x.XQueryExtension(shown, b"XWAYLAND", *numbers):
        yield "an X display that shows what is on it (this one is part of a Wayland session and does not)", None
    size = x.XDisplayWidth(shown, at), x.XDisplayHeight(shown, at)
    if size[0] < WIDTH_MIN or size[1] < HEIGHT_MIN:
        yield f"a display of at least {WIDTH_MIN} × {HEIGHT_MIN} pixels (this one has {size[0]} × {size[1]})", None
    if x.XDefaultDepth(shown, at) != 24:
        yield "a display of 24 bits a pixel", None


def accessibility():
    try:
        from gi.repository import Gio, GLib
    except ImportError:
        return  # said already
    try:
        bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
            where = ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set")
            bus.call_sync(*where, value, None, Gio.DBusCallFlags.NONE, ANSWER_MS, None)
    except GLib.Error:
        yield "an accessibility bus", "at-spi2-core"


def main():
    looks = (modules, programs, display, accessibility)
    print(json.dumps([{"what": what, "package": package} for look in looks for what, package in look()]))


if __name__ == "__main__":
    main()
