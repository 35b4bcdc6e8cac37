#!/usr/bin/env python3
"""Makes the moving samples beside this file: abstract patterns and tones, nothing else.

Needs ffmpeg with its encoders and numpy, at development time only: what it makes is committed, and nothing of it is
needed to build or test. Run it from anywhere; it overwrites the files.

Every frame of a pattern tells its own number: the square at its top left is grey, 20 + 37 x number modulo 200. A disc moves over a
slope of colours, so that each frame differs from the next all over. Tones are 440 Hz at 0.1, 0.4, 0.7 and 0.2 of full
scale, a second each; bands are 1 kHz for four seconds, 100 Hz for two and 8 kHz for two, at 0.9 of full scale.
"""

import subprocess
from pathlib import Path

import numpy

HERE = Path(__file__).parent
WIDTH, HEIGHT, RATE, SECONDS = 320, 180, 25, 4
LOUDNESS = [0.1, 0.4, 0.7, 0.2]
BANDS = [(1_000, 4), (100, 2), (8_000, 2)]


def frame(number: int, width: int, height: int) -> numpy.ndarray:
    """One frame of the pattern, RGB."""
    y, x = numpy.mgrid[0:height, 0:width]
    picture = numpy.stack([90 + x * 90 // width, 60 + y * 120 // height, 160 - x * 60 // width], axis=-1)
    centre_x = width // 3 + number * 3 * width // 640
    centre_y = height * 2 // 3
    disc = (x - centre_x) ** 2 + (y - centre_y) ** 2 < (height // 6) ** 2
    picture[disc] = [220, 190, 60]
    picture[: height // 3, : height // 3] = 20 + 37 * number % 200
    return picture.astype(numpy.uint8)


def frames(count: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    return b"".join(frame(number, width, height).tobytes() for number in range(count))


def tone(rate: int, channels: int = 1) -> bytes:
    """The four steps of loudness, 16 bits a sample."""
    time = numpy.arange(rate * SECONDS) / rate
    loud = numpy.repeat(LOUDNESS, rate)
    samples = (numpy.sin(2 * numpy.pi * 440 * time) * loud * 32767).astype("<i2")
    return numpy.repeat(samples, channels).tobytes()


def bands(rate: int) -> bytes:
    """A tone of each band, 16 bits a sample."""
    tones = [numpy.sin(2 * numpy.pi * hz * numpy.arange(rate * seconds) / rate) for hz, seconds in BANDS]
    return (numpy.concatenate(tones) * 0.9 * 32767).astype("<i2").tobytes()


def run(name: str, *arguments: str, stdin: bytes = b"") -> None:
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *arguments]
    command += ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run([*command, str(HERE / name)], input=stdin, check=True)
    print(f"{name}: {(HERE / name).stat().st_size} bytes")


def raw_frames(rate: str = str(RATE), width: int = WIDTH, height: int = HEIGHT) -> list[str]:
    return ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", rate, "-i", "-"]


def make_bands() -> None:
    sound = HERE / "bands.raw"
    sound.write_bytes(bands(44_100))
    heard = ["-f", "s16le", "-ar", "44100", "-ac", "1", "-i", str(sound)]
    run("bands-aac.mp4", *heard, "-c:a", "aac", "-b:a", "32k")
    run("bands-opus.webm", *heard, "-ar", "48000", "-c:a", "libopus", "-b:a", "24k")
    # Times in a WebM are whole milliseconds, a frame of Vorbis is not.
    run("bands-vorbis.webm", *heard, "-c:a", "libvorbis", "-b:a", "48k")
    run("bands.mp3", *heard, "-c:a", "libmp3lame", "-b:a", "40k")
    sound.unlink()


def make_standing() -> None:
    """Frame 19, which no other one needs, stands from 760 to 3,040 ms; the track says that every frame lasts 40 ms."""
    run("standing.mkv", *raw_frames(), "-vf", "setpts=(N+if(gte(N\\,20)\\,56\\,0))/25/TB", "-fps_mode", "passthrough",
        "-c:v", "libx264", "-preset", "veryslow", "-crf", "30", "-pix_fmt", "yuv420p", "-g", "100", "-bf", "2",
        "-x264-params", "b-adapt=0:b-pyramid=none", "-an", stdin=frames(40))


def make_fast() -> None:
    run("fast.mp4", *raw_frames("60", 64, 36), "-c:v", "libx264", "-preset", "veryslow", "-crf", "34", "-pix_fmt", "yuv420p",
        "-g", "40", "-an", stdin=frames(120, 64, 36))


def main() -> None:
    sound = HERE / "tone.raw"
    sound.write_bytes(tone(48_000, 2))
    heard = ["-f", "s16le", "-ar", "48000", "-ac", "2", "-i", str(sound)]
    pattern = frames(RATE * SECONDS)
    h264 = ["-c:v", "libx264", "-preset", "veryslow", "-crf", "27", "-pix_fmt", "yuv420p", "-g", "40"]
    run("h264-aac.mp4", *raw_frames(), *heard, *h264, "-bf", "2", "-c:a", "aac", "-b:a", "48k", stdin=pattern)
    run("vp8-vorbis.webm", *raw_frames(), *heard, "-c:v", "libvpx", "-b:v", "60k", "-g", "40",
        "-c:a", "libvorbis", "-b:a", "48k", stdin=pattern)
    run("vp9-opus.webm", *raw_frames(), *heard, "-c:v", "libvpx-vp9", "-b:v", "50k", "-g", "40",
        "-c:a", "libopus", "-b:a", "32k", stdin=pattern)
    run("av1-opus.webm", *raw_frames(), *heard, "-c:v", "libaom-av1", "-cpu-used", "6", "-b:v", "40k", "-g", "40",
        "-c:a", "libopus", "-b:a", "32k", stdin=pattern)
    run("silent.mp4", *raw_frames(), *h264, "-an", "-movflags", "+faststart", stdin=frames(50))
    turned = HERE / "upright.mp4"
    run(turned.name, *raw_frames(), *h264, "-an", stdin=frames(10))
    run("turned.mp4", "-i", str(turned), "-c", "copy", "-map_metadata", "0", "-metadata:s:v:0", "rotate=90")
    turned.unlink()
    make_fast()
    make_standing()
    # Forty minutes, a frame every four seconds, a place to begin every forty.
    run("long.mp4", *raw_frames("1/4", 160, 90), "-c:v", "libx264", "-preset", "veryslow", "-crf", "38", "-pix_fmt", "yuv420p",
        "-g", "10", "-an", stdin=b"".join(frame(number // 6, 160, 90).tobytes() for number in range(600)))
    run("tone.mp3", *heard, "-c:a", "libmp3lame", "-b:a", "48k")
    run("tone-vorbis.ogg", *heard, "-c:a", "libvorbis", "-b:a", "48k")
    run("tone-opus.ogg", *heard, "-c:a", "libopus", "-b:a", "32k")
    sound.write_bytes(tone(6_000))
    run("tone.wav", "-f", "s16le", "-ar", "6000", "-ac", "1", "-i", str(sound), "-c:a", "pcm_s16le")
    sound.unlink()
    make_bands()


if __name__ == "__main__":
    main()
