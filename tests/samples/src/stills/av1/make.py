"""Makes the AV1 stills beside this file anew, of drawn patterns; needs ffmpeg with libaom. Nothing of it is needed to build
or test: the stills are kept because an encoder would take minutes to build.

    python3 make.py
"""

import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent


def pattern(width, height):
    """The gradients and the checkered corner of `stills::picture`."""
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            checkered = x < width // 2 and y < height // 2 and (x // 4 + y // 4) % 2 == 0
            pixels += bytes([255] * 3 if checkered else [x * 255 // width, y * 255 // height, 60])
    return bytes(pixels)


def ramp(width, height):
    """From black at the left to white at the right."""
    return bytes(x * 255 // (width - 1) for y in range(height) for x in range(width) for _ in range(3))


def still(name, size, pixels, form, quality):
    """Full range, the matrix of BT.601; a smaller `quality` is a better one."""
    words = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "{}x{}".format(*size), "-i", "-"]
    words += ["-vf", "scale=out_color_matrix=bt601:out_range=pc:flags=accurate_rnd+full_chroma_int", "-pix_fmt", form]
    words += ["-c:v", "libaom-av1", "-still-picture", "1", "-frames:v", "1", "-crf", str(quality), "-cpu-used", "4"]
    words += ["-colorspace", "smpte170m", "-color_range", "pc", "-f", "obu", HERE / f"{name}.obu"]
    subprocess.run(words, input=pixels, check=True)


def main():
    for size, quality in [((400, 300), 28), ((900, 600), 28), ((300, 200), 28), ((120, 90), 12), ((48, 40), 12)]:
        still("{}x{}".format(*size), size, pattern(*size), "yuv420p", quality)
    small = (120, 90)
    still("120x90-10bit-444", small, pattern(*small), "yuv444p10le", 10)
    still("120x90-12bit-422", small, pattern(*small), "yuv422p12le", 10)
    still("120x90-grey", small, ramp(*small), "gray", 10)


main()
