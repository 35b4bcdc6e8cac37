//! Moving patterns and tones, as files: `tests/samples/moving/make.py` made them and tells what is in them.

use scrim_model::Kind;
use scrim_model::item::Medium;
use sha2::{Digest, Sha256};

use crate::items::hex;
use crate::{Sample, Settings, sample_of};

/// H.264 and AAC in MP4: 320 × 180, 25 frames a second, 4 s, a place to begin every 40 frames.
pub const H264_AAC_MP4: &[u8] = include_bytes!("../moving/h264-aac.mp4");
/// VP8 and Vorbis in WebM, the same pattern and tone.
pub const VP8_VORBIS_WEBM: &[u8] = include_bytes!("../moving/vp8-vorbis.webm");
/// VP9 and Opus in WebM, the same pattern and tone.
pub const VP9_OPUS_WEBM: &[u8] = include_bytes!("../moving/vp9-opus.webm");
/// AV1 and Opus in WebM, the same pattern and tone.
pub const AV1_OPUS_WEBM: &[u8] = include_bytes!("../moving/av1-opus.webm");
/// H.264 in MP4 without sound: 50 frames, 2 s.
pub const SILENT_MP4: &[u8] = include_bytes!("../moving/silent.mp4");
/// H.264 in MP4: 10 frames, to be turned by a quarter against the clock.
pub const TURNED_MP4: &[u8] = include_bytes!("../moving/turned.mp4");
/// H.264 in MP4: 40 minutes, 160 × 90, a frame every 4 s, a place to begin every 40 s.
pub const LONG_MP4: &[u8] = include_bytes!("../moving/long.mp4");
/// H.264 in MP4: 64 × 36, 60 frames a second, 2 s.
pub const FAST_MP4: &[u8] = include_bytes!("../moving/fast.mp4");
/// H.264 in Matroska: 40 frames of the pattern, of which frame 19 stands from 760 to 3,040 ms, though the file says that
/// each lasts 40 ms.
pub const STANDING_MKV: &[u8] = include_bytes!("../moving/standing.mkv");
/// The tone as MP3: 48 kHz, two channels, 4 s, a second each at 0.1, 0.4, 0.7 and 0.2 of full scale.
pub const TONE_MP3: &[u8] = include_bytes!("../moving/tone.mp3");
/// The tone as WAV: 6 kHz, one channel.
pub const TONE_WAV: &[u8] = include_bytes!("../moving/tone.wav");
/// The tone as Vorbis in Ogg.
pub const TONE_VORBIS_OGG: &[u8] = include_bytes!("../moving/tone-vorbis.ogg");
/// The tone as Opus in Ogg.
pub const TONE_OPUS_OGG: &[u8] = include_bytes!("../moving/tone-opus.ogg");

/// Tones of 1 kHz for four seconds, of 100 Hz for two and of 8 kHz for two, at 0.9 of full scale: one channel, AAC in MP4.
pub const BANDS_AAC_MP4: &[u8] = include_bytes!("../moving/bands-aac.mp4");
/// The bands as Opus in WebM.
pub const BANDS_OPUS_WEBM: &[u8] = include_bytes!("../moving/bands-opus.webm");
/// The bands as Vorbis in WebM, whose frames do not begin at the whole milliseconds that the file tells.
pub const BANDS_VORBIS_WEBM: &[u8] = include_bytes!("../moving/bands-vorbis.webm");
/// The bands as MP3.
pub const BANDS_MP3: &[u8] = include_bytes!("../moving/bands.mp3");

/// Every file with pictures and sound, with a name.
pub const VIDEOS: [(&str, &[u8]); 4] = [
    ("h264-aac.mp4", H264_AAC_MP4),
    ("vp8-vorbis.webm", VP8_VORBIS_WEBM),
    ("vp9-opus.webm", VP9_OPUS_WEBM),
    ("av1-opus.webm", AV1_OPUS_WEBM),
];

/// Every file with sound alone, with a name.
pub const TONES: [(&str, &[u8]); 4] = [
    ("tone.mp3", TONE_MP3),
    ("tone.wav", TONE_WAV),
    ("tone-vorbis.ogg", TONE_VORBIS_OGG),
    ("tone-opus.ogg", TONE_OPUS_OGG),
];

/// Every file with bands, with a name.
pub const BANDS: [(&str, &[u8]); 4] = [
    ("bands-aac.mp4", BANDS_AAC_MP4),
    ("bands-opus.webm", BANDS_OPUS_WEBM),
    ("bands-vorbis.webm", BANDS_VORBIS_WEBM),
    ("bands.mp3", BANDS_MP3),
];

/// The grey of the square at the top left of a pattern's frame: a sixth of the height from the corner is its middle.
#[must_use]
pub const fn grey_of(frame: u32) -> u8 {
    // Below 220.
    (20 + 37 * frame % 200) as u8
}

/// A sample with this one file, at priority 2 and severity 2. `mime` is what its server says of it, `ending` that of its
/// name.
#[must_use]
pub fn lasting_sample(
    settings: &Settings,
    number: u64,
    kind: Kind,
    (mime, ending): (&str, &str),
    bytes: &[u8],
) -> Sample {
    let mut sample = sample_of(settings, number, kind, Vec::new());
    sample.ingest.item.media = vec![Medium {
        n: 0,
        mime: mime.to_owned(),
        bytes: bytes.len() as u64,
        width: None,
        height: None,
        duration_ms: None,
        sha256: Some(hex(&Sha256::digest(bytes))),
        known: None,
        cover: None,
    }];
    sample.ingest.item.appeal = None;
    sample.files = vec![(format!("media/{number:04}-0.{ending}"), bytes.to_vec())];
    sample
}
