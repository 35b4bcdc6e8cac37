//! The readers of FFmpeg that may run, each by its name. Whatever is not on this page is never opened.

use std::ffi::CStr;

use scrim_wire::moving::{Container, PictureCodec, SoundCodec};

/// The reader of a container.
#[must_use]
pub const fn demuxer(container: Container) -> &'static CStr {
    match container {
        Container::Mp4 => c"mov",
        Container::WebM => c"matroska",
        Container::Ogg => c"ogg",
        Container::Mp3 => c"mp3",
        Container::Wav => c"wav",
    }
}

/// Decoders of pictures.
pub const PICTURES: &[(&CStr, PictureCodec)] = &[
    (c"h264", PictureCodec::H264),
    (c"vp8", PictureCodec::Vp8),
    (c"vp9", PictureCodec::Vp9),
    (c"libdav1d", PictureCodec::Av1),
];

/// Decoders of sound.
pub const SOUNDS: &[(&CStr, SoundCodec)] = &[
    (c"aac", SoundCodec::Aac),
    (c"mp3float", SoundCodec::Mp3),
    (c"opus", SoundCodec::Opus),
    (c"vorbis", SoundCodec::Vorbis),
    (c"pcm_u8", SoundCodec::Pcm),
    (c"pcm_s16le", SoundCodec::Pcm),
    (c"pcm_s24le", SoundCodec::Pcm),
    (c"pcm_s32le", SoundCodec::Pcm),
    (c"pcm_f32le", SoundCodec::Pcm),
];

/// The names of all decoders, as FFmpeg wants them.
pub(crate) fn whitelist() -> String {
    let pictures = PICTURES.iter().map(|(name, _)| name);
    let names = pictures.chain(SOUNDS.iter().map(|(name, _)| name));
    names
        .map(|name| name.to_string_lossy())
        .collect::<Vec<_>>()
        .join(",")
}
