//! One medium, open: what it is, how long it lasts, and how its pictures are turned.

use image::metadata::Orientation;
use scrim_decode::cover::orientation_swaps;
use scrim_wire::moving::{
    Container, DURATION_MS_MAX, FRAME_PIXELS_MAX, FRAME_SIDE_MAX, MovingFacts, PictureFacts,
    SoundFacts,
};
use scrim_wire::worker::Rejection;

use crate::av::{Decoder, Input, Pace, Packet, Stream, StreamKind};
use crate::budget::Budget;
use crate::codecs;
use crate::container::{container_of, is_cut_off};
use crate::limits::{BEFORE_END_MS, PACKETS_MAX, SHARE_FOR_END_PER_MILLE};

/// An open medium.
pub(crate) struct Moving<'m> {
    pub(crate) input: Input<'m>,
    pub(crate) facts: MovingFacts,
    picture: Option<Stream>,
    sound: Option<Stream>,
    /// The first moment, in microseconds of the container's clock.
    start_us: i64,
}

impl<'m> Moving<'m> {
    /// Opens a medium and learns what it is.
    pub(crate) fn open(bytes: &'m [u8], budget: Budget) -> Result<Self, Rejection> {
        let container = container_of(bytes)?;
        let input = Input::open(bytes, container).map_err(|why| match why {
            Rejection::Malformed if is_cut_off(bytes, container) => Rejection::Truncated,
            why => why,
        })?;
        let streams = input.streams();
        let picture = first(&streams, StreamKind::Picture, |stream| {
            crate::av::listed(&input, stream.index, codecs::PICTURES).is_some()
        });
        let sound = first(&streams, StreamKind::Sound, |stream| {
            crate::av::listed(&input, stream.index, codecs::SOUNDS).is_some()
        });
        if picture.is_none() && sound.is_none() {
            return Err(Rejection::Unsupported);
        }
        let (start_us, claimed_us) = input.claimed();
        let mut moving = Self {
            facts: facts(&input, container, picture, sound)?,
            input,
            picture,
            sound,
            start_us,
        };
        moving.facts.duration_ms = moving.duration(claimed_us, budget)?;
        Ok(moving)
    }

    /// The stream of pictures and its decoder.
    pub(crate) fn pictures(&mut self, pace: Pace) -> Result<(Stream, Decoder), Rejection> {
        let stream = self.picture.ok_or(Rejection::Unsupported)?;
        self.input.only(stream.index);
        Ok((stream, Decoder::open(&self.input, stream.index, pace)?))
    }

    /// The stream of sound and its decoder.
    pub(crate) fn sounds(&mut self) -> Result<(Stream, Decoder), Rejection> {
        let stream = self.sound.ok_or(Rejection::Unsupported)?;
        self.input.only(stream.index);
        Ok((
            stream,
            Decoder::open(&self.input, stream.index, Pace::Exact)?,
        ))
    }

    /// A time of a stream in milliseconds from the medium's first moment; what lies before it counts as 0.
    pub(crate) fn ms(&self, stream: &Stream, ticks: i64) -> u32 {
        let from_start = stream.time_base.ms(ticks).saturating_sub(self.start_ms());
        u32::try_from(from_start.max(0)).unwrap_or(u32::MAX)
    }

    /// A time of a stream in samples from the medium's first moment.
    pub(crate) fn samples(&self, stream: &Stream, ticks: i64, rate_hz: u32) -> i64 {
        let start = i128::from(self.start_us) * i128::from(rate_hz);
        let start = i64::try_from(start.div_euclid(1_000_000)).unwrap_or(i64::MAX);
        let samples = stream.time_base.samples(ticks, rate_hz);
        samples.saturating_sub(start)
    }

    /// The last tick of a stream at or before a time in milliseconds.
    pub(crate) fn ticks(&self, stream: &Stream, ms: u32) -> i64 {
        stream
            .time_base
            .ticks(i64::from(ms).saturating_add(self.start_ms()))
    }

    fn start_ms(&self) -> i64 {
        self.start_us.div_euclid(1000)
    }

    /// How long it lasts. What a file says of itself may be false, so the end of its last packets counts if it can be
    /// found in time, and the file's word otherwise.
    fn duration(&mut self, claimed_us: Option<i64>, budget: Budget) -> Result<u32, Rejection> {
        let claimed = claimed_us.map(|us| us.div_euclid(1000).saturating_add(1));
        let found = self.end(claimed, budget.share(SHARE_FOR_END_PER_MILLE));
        let ms = found
            .map(i64::from)
            .or(claimed)
            .ok_or(Rejection::Malformed)?;
        match u32::try_from(ms.max(1)) {
            Ok(ms) if ms <= DURATION_MS_MAX => Ok(ms),
            _ => Err(Rejection::TooLarge),
        }
    }

    /// The end of the last packets, if reading gets there.
    fn end(&mut self, claimed_ms: Option<i64>, budget: Budget) -> Option<u32> {
        let stream = self.picture.or(self.sound)?;
        let near = claimed_ms.map_or(DURATION_MS_MAX, |ms| {
            u32::try_from(ms)
                .unwrap_or(DURATION_MS_MAX)
                .min(DURATION_MS_MAX)
        });
        let from = self.ticks(&stream, near.saturating_sub(BEFORE_END_MS));
        self.input.seek(stream.index, from).ok()?;
        let mut packet = Packet::new().ok()?;
        let mut end = None;
        for _ in 0..PACKETS_MAX {
            if budget.is_over() {
                return None;
            }
            if !self.input.read(&mut packet) {
                return end.map(|end: u32| end.max(1));
            }
            let streams = [self.picture, self.sound];
            let of = streams
                .into_iter()
                .flatten()
                .find(|stream| stream.index == packet.stream());
            if let Some((stream, ticks)) = of.zip(packet.ends()) {
                end = end.max(Some(self.ms(&stream, ticks)));
            }
        }
        None
    }
}

fn first(
    streams: &[Stream],
    kind: StreamKind,
    is_listed: impl Fn(&Stream) -> bool,
) -> Option<Stream> {
    let mut of_kind = streams.iter().filter(|stream| stream.kind == kind);
    of_kind.find(|stream| is_listed(stream)).copied()
}

fn facts(
    input: &Input<'_>,
    container: Container,
    picture: Option<Stream>,
    sound: Option<Stream>,
) -> Result<MovingFacts, Rejection> {
    let picture = picture
        .map(|stream| {
            let (width, height) = shape(&stream, (stream.width, stream.height))?;
            let (width, height) = upright((width, height), orientation(&stream));
            let codec = crate::av::listed(input, stream.index, codecs::PICTURES)
                .ok_or(Rejection::Unsupported)?
                .1;
            Ok(PictureFacts {
                codec,
                width,
                height,
                frames_per_1000_s: stream.frames_per_1000_s,
            })
        })
        .transpose()?;
    let sound = sound
        .map(|stream| {
            let codec = crate::av::listed(input, stream.index, codecs::SOUNDS)
                .ok_or(Rejection::Unsupported)?
                .1;
            Ok(SoundFacts {
                codec,
                channels: u8::try_from(stream.channels).map_err(|_| Rejection::Unsupported)?,
                rate_hz: stream.rate_hz,
            })
        })
        .transpose()?;
    let facts = MovingFacts {
        container,
        duration_ms: 1,
        picture,
        sound,
    };
    if facts.can_be() {
        Ok(facts)
    } else {
        Err(Rejection::Unsupported)
    }
}

/// Width and height as shown, before turning, of stored ones.
pub(crate) fn shape(stream: &Stream, stored: (u32, u32)) -> Result<(u32, u32), Rejection> {
    let stretched = (u64::from(stored.0) * u64::from(stream.pixel_shape_per_mille) + 500) / 1000;
    let width = u32::try_from(stretched).map_err(|_| Rejection::TooLarge)?;
    let pixels = u64::from(width) * u64::from(stored.1);
    if pixels == 0 {
        return Err(Rejection::Malformed);
    }
    if pixels > FRAME_PIXELS_MAX || width.max(stored.1) > FRAME_SIDE_MAX {
        return Err(Rejection::TooLarge);
    }
    Ok((width, stored.1))
}

pub(crate) fn upright((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    if orientation_swaps(orientation) {
        (height, width)
    } else {
        (width, height)
    }
}

/// How pictures of a stream are turned upright: by quarters and mirrors; anything between is left as it is.
pub(crate) fn orientation(stream: &Stream) -> Orientation {
    let Some([a, b, _, c, d, ..]) = stream.matrix else {
        return Orientation::NoTransforms;
    };
    match (a.signum(), b.signum(), c.signum(), d.signum()) {
        (-1, 0, 0, -1) => Orientation::Rotate180,
        (0, 1, -1, 0) => Orientation::Rotate90,
        (0, -1, 1, 0) => Orientation::Rotate270,
        (-1, 0, 0, 1) => Orientation::FlipHorizontal,
        (1, 0, 0, -1) => Orientation::FlipVertical,
        _ => Orientation::NoTransforms,
    }
}
