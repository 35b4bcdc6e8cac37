"""Frames of the virtual display, as fast as they can be had, and what covers are measured by."""

import ctypes
import subprocess
import threading

import numpy as np

FRAMES_MAX = 150  # different ones in one watch; 5 MB each
SIGMA = 0.025  # of the long side: the cover that every item opens with
# A Gaussian passes 2 % of the energy at 0.315 / σ cycles; that is the edge of a cover's band.
BAND_EDGE = 0.315
Z_PIXMAP, ALL_PLANES = 2, 0xFFFFFFFF
CLIENT_MESSAGE = 33


class XImage(ctypes.Structure):
    """The first fields of Xlib's XImage."""

    _fields_ = [
        ("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int), ("data", ctypes.c_void_p), ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int), ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int), ("bytes_per_line", ctypes.c_int), ("bits_per_pixel", ctypes.c_int),
    ]


class ClientMessage(ctypes.Structure):
    """Xlib's XClientMessageEvent, as long as an XEvent."""

    _fields_ = [
        ("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p), ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int), ("data", ctypes.c_long * 5), ("rest", ctypes.c_long * 12),
    ]


class Screen:
    """The display's root window. One of these belongs to one thread."""

    def __init__(self):
        self.x = ctypes.CDLL("libX11.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self.x.XGetImage.restype = ctypes.POINTER(XImage)
        self.x.XGetImage.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong, ctypes.c_int,
        ]
        self.x.XDestroyImage.argtypes = [ctypes.c_void_p]
        self.x.XDisplayWidth.argtypes = self.x.XDisplayHeight.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self.x.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self.display = self.x.XOpenDisplay(None)
        if not self.display:
            raise OSError("no display")
        self.root = self.x.XDefaultRootWindow(self.display)
        self.width = self.x.XDisplayWidth(self.display, 0)
        self.height = self.x.XDisplayHeight(self.display, 0)

    def shoot(self):
        """The screen's bytes: height rows of width pixels, blue green red and one unused."""
        image = self.x.XGetImage(self.display, self.root, 0, 0, self.width, self.height, ALL_PLANES, Z_PIXMAP)
        if not image:
            raise OSError("the display gave no picture")
        size = image.contents.bytes_per_line * image.contents.height
        if size != self.width * self.height * 4:
            raise OSError("the display's pixels are not 32 bits wide")
        taken = ctypes.string_at(image.contents.data, size)
        self.x.XDestroyImage(image)
        return taken

    def luma(self, taken):
        """ITU-R BT.709 on the encoded values, as covers have it; height × width, 0–255."""
        pixels = np.frombuffer(taken, np.uint8).reshape(self.height, self.width, 4)
        return pixels[..., :3] @ np.array([0.0722, 0.7152, 0.2126], np.float32)

    def close_window(self, window):
        """Sends what a window manager sends when its frame's button is pressed."""
        self.x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        self.x.XInternAtom.restype = ctypes.c_ulong
        self.x.XSendEvent.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.POINTER(ClientMessage)
        ]
        self.x.XFlush.argtypes = [ctypes.c_void_p]
        protocols, delete = (self.x.XInternAtom(self.display, n, 0) for n in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        message = ClientMessage(type=CLIENT_MESSAGE, window=window, message_type=protocols, format=32)
        message.data[0] = delete
        self.x.XSendEvent(self.display, window, 0, 0, ctypes.byref(message))
        self.x.XFlush(self.display)

    def close(self):
        self.x.XCloseDisplay(self.display)


class Watch:
    """Keeps every frame that differs from the one before, from `with` on until its end."""

    def __init__(self):
        self.frames, self.looks, self.failed = [], 0, None
        self.ends, self.started = threading.Event(), threading.Event()
        self.news = threading.Condition()

    def __enter__(self):
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self.started.wait(5)
        return self

    def _run(self):
        try:
            screen = Screen()
            while not self.ends.is_set():
                taken = screen.shoot()
                self.looks += 1
                if not self.frames or taken != self.frames[-1]:
                    if len(self.frames) == FRAMES_MAX:
                        raise OSError(f"more than {FRAMES_MAX} different frames")
                    self.frames.append(taken)
                self.started.set()
            screen.close()
        except OSError as fault:
            self.failed = fault
            self.started.set()

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()
        if self.failed:
            raise self.failed


def as_ppm(path):
    if path.suffix == ".ppm":
        return path.read_bytes()
    return subprocess.run(["convert", path, "-depth", "8", "ppm:-"], check=True, capture_output=True).stdout


def read_picture(path):
    """A file's luma, height × width."""
    ppm = as_ppm(path)
    kind, width, height = ppm.split(maxsplit=4)[:3]
    if kind != b"P6":
        raise ValueError("not a PPM")
    width, height = int(width), int(height)
    pixels = np.frombuffer(ppm[-width * height * 3:], np.uint8).reshape(height, width, 3)
    return pixels @ np.array([0.2126, 0.7152, 0.0722], np.float32)


def scaled(picture, width, height):
    """Area average when made smaller, linear when made larger, one axis after the other."""
    return _scaled_rows(_scaled_rows(picture, height).T, width).T


def _scaled_rows(picture, count):
    have = picture.shape[0]
    if count >= have:
        at = np.clip((np.arange(count) + 0.5) * have / count - 0.5, 0, have - 1)
        low = np.floor(at).astype(int)
        share = (at - low)[:, None]
        return picture[low] * (1 - share) + picture[np.minimum(low + 1, have - 1)] * share
    sums = np.vstack([np.zeros((1, picture.shape[1])), np.cumsum(picture, axis=0, dtype=np.float64)])
    edges = np.arange(count + 1) * have / count
    low = np.minimum(edges.astype(int), have - 1)
    upto = sums[low] + picture[low] * (edges - low)[:, None]
    return np.diff(upto, axis=0) * count / have


def blurred(picture, sigma):
    """The definition: a Gaussian out to 4 σ, edges repeated, one axis after the other."""
    radius = int(np.ceil(4 * sigma))
    weights = np.exp(-np.arange(-radius, radius + 1) ** 2 / (2 * sigma * sigma))
    weights /= weights.sum()

    def rows(values):
        padded = np.pad(values, ((radius, radius), (0, 0)), "edge")
        return sum(weight * padded[n:n + values.shape[0]] for n, weight in enumerate(weights))

    return rows(rows(picture).T).T


def correlation(a, b):
    """Pearson's; 0 if one of them is flat."""
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / size) if size > 1e-6 else 0.0


def energy_above(picture, edge):
    """Energy at more than `edge` cycles per pixel. A Hann window keeps the picture's borders out."""
    height, width = picture.shape
    window = np.outer(np.hanning(height), np.hanning(width))
    values = np.abs(np.fft.rfft2((picture - picture.mean()) * window)) ** 2
    away = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    # All columns but the first (and the last of an even width) stand for two.
    values[:, 1:(width + 1) // 2] *= 2
    return float(values[away > edge].sum())


class Medium:
    """What a sample's file must look like on the screen while it is covered."""

    def __init__(self, path):
        self.clear = read_picture(path)
        self.known = {}

    def _at(self, width, height, zoom):
        """Reference cover, its band's edge, clear energy and clear picture of the middle of 1 / (1 + zoom) of each side."""
        key = (width, height, zoom)
        if key not in self.known:
            # Covered at a working size close to the screen's: the Gaussian is a share of it.
            across, down = width * (1 + zoom), height * (1 + zoom)
            clear = scaled(self.clear, across, down)
            cover = blurred(clear, SIGMA * max(across, down))
            top, left = (down - height) // 2, (across - width) // 2
            part = np.s_[top:top + height, left:left + width]
            edge = BAND_EDGE / (SIGMA * max(across, down))
            self.known[key] = (cover[part], edge, energy_above(clear[part], edge), clear[part])
        return self.known[key]

    def clear_at(self, rect, zoom):
        """The clear picture as it would be shown there."""
        return self._at(rect[2], rect[3], zoom)[3]

    def edge_at(self, rect, zoom):
        """Edge of the cover's band there, in cycles per pixel."""
        return self._at(rect[2], rect[3], zoom)[1]

    def measure(self, luma, rect, zoom):
        """Correlation with the reference cover; energy above its band, as a share of the clear one's."""
        left, top, width, height = rect
        seen = luma[top:top + height, left:left + width]
        cover, edge, energy, _ = self._at(width, height, zoom)
        return correlation(seen, cover), energy_above(seen, edge) / energy
