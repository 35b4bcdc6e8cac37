"""What a virtual display shows, and its keyboard: libX11 and libXtst through ctypes.

`import` takes tens of milliseconds for a picture; a small XGetImage takes less than one.
"""

import ctypes
import time
from ctypes import POINTER, byref, c_char_p, c_int, c_uint, c_ulong, c_void_p

ALL_PLANES = ctypes.c_ulong(-1).value
Z_PIXMAP = 2
POLL_S = 0.001
LEVELS_MIN = 3  # a flat box is no picture
STEP_MAX = 24  # letters have sharper edges than a cover


class Image(ctypes.Structure):
    """The start of Xlib's XImage."""

    _fields_ = [
        ("width", c_int),
        ("height", c_int),
        ("xoffset", c_int),
        ("format", c_int),
        ("data", c_void_p),
        ("byte_order", c_int),
        ("bitmap_unit", c_int),
        ("bitmap_bit_order", c_int),
        ("bitmap_pad", c_int),
        ("depth", c_int),
        ("bytes_per_line", c_int),
        ("bits_per_pixel", c_int),
    ]


class Screen:
    """The display named by DISPLAY."""

    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.xtst = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.argtypes = [c_char_p]
        self.x11.XOpenDisplay.restype = c_void_p
        self.x11.XDefaultRootWindow.argtypes = [c_void_p]
        self.x11.XDefaultRootWindow.restype = c_ulong
        self.x11.XGetImage.argtypes = [c_void_p, c_ulong, c_int, c_int, c_uint, c_uint, c_ulong, c_int]
        self.x11.XGetImage.restype = POINTER(Image)
        self.x11.XDestroyImage.argtypes = [POINTER(Image)]
        self.x11.XStringToKeysym.argtypes = [c_char_p]
        self.x11.XStringToKeysym.restype = c_ulong
        self.x11.XKeysymToKeycode.argtypes = [c_void_p, c_ulong]
        self.x11.XKeysymToKeycode.restype = ctypes.c_ubyte
        self.x11.XFlush.argtypes = [c_void_p]
        self.xtst.XTestFakeKeyEvent.argtypes = [c_void_p, c_uint, c_int, c_ulong]
        self.x11.XGetGeometry.argtypes = [c_void_p, c_ulong] + [c_void_p] * 7
        self.display = self.x11.XOpenDisplay(None)
        if not self.display:
            raise SystemExit("There is no display to measure on.")
        self.root = self.x11.XDefaultRootWindow(self.display)

    def size(self):
        """Width and height in pixels."""
        root, x, y = c_ulong(), c_int(), c_int()
        width, height, border, depth = c_uint(), c_uint(), c_uint(), c_uint()
        outs = [byref(out) for out in (root, x, y, width, height, border, depth)]
        self.x11.XGetGeometry(self.display, self.root, *outs)
        return width.value, height.value

    def grab(self, box):
        """Bytes (blue, green, red, unused) of the pixels of (x, y, width, height), row after row."""
        image = self.x11.XGetImage(self.display, self.root, *box, ALL_PLANES, Z_PIXMAP)
        if not image:
            raise SystemExit("The display gave no picture.")
        held = image.contents
        if held.bits_per_pixel != 32 or held.bytes_per_line != 4 * held.width:
            raise SystemExit("The display has another pixel form than is understood here.")
        pixels = ctypes.string_at(held.data, held.bytes_per_line * held.height)
        self.x11.XDestroyImage(image)
        return pixels

    def press(self, name):
        """Presses the key and lets it go."""
        self.hold(name, True)
        self.hold(name, False)

    def hold(self, name, down):
        """Presses the key, or lets it go."""
        symbol = self.x11.XStringToKeysym(name.encode())
        code = self.x11.XKeysymToKeycode(self.display, symbol)
        self.xtst.XTestFakeKeyEvent(self.display, code, int(down), 0)
        self.x11.XFlush(self.display)

    def until_still(self, box, accepts, still, seconds):
        """Watches a box until it holds a picture that `accepts` takes for `still` seconds.

        Returns the instant (time.monotonic) at which that picture was first seen, and it; None if
        that does not happen within `seconds`. Pictures on the way, a fade or a placeholder, do
        not count.
        """
        seen, last, changed, taken = {}, None, 0.0, False
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            pixels = self.grab(box)
            now = time.monotonic()
            if pixels != last:
                last, changed, taken = pixels, now, False
                seen.setdefault(pixels, now)
            elif now - changed >= still:
                # Judged only now: judging takes longer than a look.
                taken = taken or accepts(pixels)
                if taken:
                    return seen[pixels], pixels
            time.sleep(POLL_S)
        return None


def is_cover(pixels, width):
    """Whether all of it is a cover: grey, not flat, without sharp edges."""
    blue, green, red = pixels[0::4], pixels[1::4], pixels[2::4]
    if not blue == green == red or len(set(red)) < LEVELS_MIN:
        return False
    rows = (red[at : at + width] for at in range(0, len(red), width))
    return all(abs(a - b) <= STEP_MAX for row in rows for a, b in zip(row, row[1:]))
