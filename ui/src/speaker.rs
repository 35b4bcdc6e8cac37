//! The desktop's sound server, spoken to over its local socket (PulseAudio's protocol, which PipeWire speaks as well).
//!
//! One thread waits for the server, so that no frame does. A stream exists only while something is to be heard: silence ends
//! it, and with it whatever the server had not played yet.

use std::collections::VecDeque;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use pulseaudio::protocol::stream::StreamFlags;
use pulseaudio::protocol::{ChannelMap, PlaybackStreamParams, SampleFormat, SampleSpec};
use pulseaudio::{AsPlaybackSource, Client, ClientError, PlaybackStream};
use scrim_window::Speaker;
use scrim_wire::moving::CLIP_RATE_HZ;
use zeroize::Zeroize;

/// Sound that the server holds ahead, in bytes: 40 ms.
const HELD_BYTES: u32 = CLIP_RATE_HZ / 1000 * 2 * 40;
/// What shows a PulseAudio server that a program belongs to its user. PipeWire asks for none, and both want this length.
pub(crate) type Cookie = [u8; 256];

/// Reads the user's cookie: once, before the walls, which leave no such file to read. Zeros where there is none.
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the one file of the user that the window reads, before its walls"
)]
pub(crate) fn cookie() -> Cookie {
    let mut cookie = [0; 256];
    let file = pulseaudio::cookie_path_from_env().and_then(|path| std::fs::File::open(path).ok());
    if let Some(mut file) = file
        && file.read_exact(&mut cookie).is_err()
    {
        cookie = [0; 256];
    }
    cookie
}

/// Most samples that wait here: two seconds. The window gives less than a quarter of one ahead.
const WAITING_MAX: usize = CLIP_RATE_HZ as usize * 2;

/// What is to be heard next.
type Waiting = Arc<Mutex<VecDeque<i16>>>;

enum Order {
    Open,
    Close,
}

/// See the module.
pub(crate) struct Desktop {
    orders: Option<Sender<Order>>,
    waiting: Waiting,
    is_open: bool,
    absent: Arc<AtomicBool>,
}

impl Desktop {
    /// Looks for the server and starts the thread; both may be missing, and then there is no sound.
    pub(crate) fn find(cookie: Cookie) -> Self {
        Self::at(pulseaudio::socket_path_from_env(), cookie)
    }

    fn at(socket: Option<PathBuf>, cookie: Cookie) -> Self {
        let waiting = Waiting::default();
        let absent = Arc::new(AtomicBool::new(socket.is_none()));
        let (sender, orders) = channel();
        let thread = std::thread::Builder::new().name("sound".to_owned());
        let started = socket.is_some_and(|socket| {
            let server = Server {
                socket,
                cookie,
                client: None,
                waiting: Arc::clone(&waiting),
                absent: Arc::clone(&absent),
            };
            thread.spawn(move || server.serve(&orders)).is_ok()
        });
        Self {
            orders: started.then_some(sender),
            waiting,
            is_open: false,
            absent,
        }
    }

    fn order(&mut self, order: Order) {
        let gone = self
            .orders
            .as_ref()
            .is_some_and(|orders| orders.send(order).is_err());
        if gone {
            self.orders = None;
        }
    }
}

impl Speaker for Desktop {
    fn play(&mut self, mut samples: Vec<i16>) {
        {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let room = WAITING_MAX.saturating_sub(waiting.len());
            waiting.extend(samples.iter().take(room));
        }
        samples.zeroize();
        if !self.is_open {
            self.is_open = true;
            self.order(Order::Open);
        }
    }

    fn silence(&mut self) {
        clear(&self.waiting);
        if self.is_open {
            self.is_open = false;
            self.order(Order::Close);
        }
    }

    fn is_absent(&self) -> bool {
        self.orders.is_none() || self.absent.load(Ordering::Relaxed)
    }
}

fn clear(waiting: &Waiting) {
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.make_contiguous().zeroize();
    waiting.clear();
}

/// The thread's side.
struct Server {
    socket: PathBuf,
    cookie: Cookie,
    client: Option<Client>,
    waiting: Waiting,
    absent: Arc<AtomicBool>,
}

impl Server {
    fn serve(mut self, orders: &Receiver<Order>) {
        let mut stream = None;
        while let Ok(order) = orders.recv() {
            stream = match order {
                Order::Close => None,
                Order::Open if stream.is_some() => stream,
                Order::Open => {
                    let opened = self.open();
                    self.absent.store(opened.is_err(), Ordering::Relaxed);
                    opened.ok()
                }
            };
        }
    }

    fn open(&mut self) -> Result<PlaybackStream, ClientError> {
        let client = match self.client.take() {
            Some(client) => client,
            None => {
                let socket = UnixStream::connect(&self.socket)?;
                Client::new_unix(c"Scrim", socket, Some(self.cookie))?
            }
        };
        let source = source(Arc::clone(&self.waiting));
        let stream = pollster::block_on(client.create_playback_stream(params(), source));
        if stream.is_ok() {
            // A connection that failed is made anew the next time.
            self.client = Some(client);
        }
        stream
    }
}

fn params() -> PlaybackStreamParams {
    let mut params = PlaybackStreamParams {
        sample_spec: SampleSpec {
            format: SampleFormat::S16Le,
            channels: 1,
            sample_rate: CLIP_RATE_HZ,
        },
        channel_map: ChannelMap::mono(),
        flags: StreamFlags {
            adjust_latency: true,
            ..StreamFlags::default()
        },
        ..PlaybackStreamParams::default()
    };
    params.buffer_attr.target_length = HELD_BYTES;
    params.buffer_attr.pre_buffering = 0;
    params
}

/// What waits, and silence where nothing does: a stream that got nothing would end.
fn source(waiting: Waiting) -> impl pulseaudio::PlaybackSource {
    let fill = move |bytes: &mut [u8]| {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for pair in bytes.chunks_exact_mut(2) {
            let sample = waiting.pop_front().unwrap_or(0);
            pair.copy_from_slice(&sample.to_le_bytes());
        }
        bytes.len() / 2 * 2
    };
    fill.as_playback_source()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::disallowed_methods,
        clippy::disallowed_types,
        reason = "the test runs a sound server and listens to it"
    )]

    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    /// Longest wait for the server and for a sound.
    const WAIT: Duration = Duration::from_secs(20);
    /// Silence must be there after so many samples: a second, with what the buffers and the pipe held before it.
    const SILENT_AFTER: usize = CLIP_RATE_HZ as usize;

    struct Ended(Child);

    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.kill().ok();
            self.0.wait().ok();
        }
    }

    /// A sound server without a device, and somebody who listens to it.
    fn server(folder: &std::path::Path) -> (Ended, PathBuf, Cookie) {
        let cookie = std::array::from_fn(|at| at as u8);
        std::fs::write(folder.join("cookie"), cookie).unwrap();
        let socket = folder.join("native");
        let protocol = format!(
            "module-native-protocol-unix auth-cookie={} socket={}",
            folder.join("cookie").display(),
            socket.display()
        );
        let server = Command::new("pulseaudio")
            .args([
                "-n",
                "--daemonize=no",
                "--use-pid-file=no",
                "--exit-idle-time=-1",
            ])
            .args(["--disable-shm=yes", "-L", &protocol])
            .args(["-L", "module-null-sink sink_name=ear"])
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("PULSE_RUNTIME_PATH", folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pulseaudio is installed, see ./dev");
        let until = Instant::now() + WAIT;
        while UnixStream::connect(&socket).is_err() {
            assert!(Instant::now() < until, "the sound server does not answer");
            std::thread::yield_now();
        }
        (Ended(server), socket, cookie)
    }

    fn samples(listener: &mut impl Read, count: usize) -> Vec<i16> {
        let mut bytes = vec![0; count * 2];
        listener.read_exact(&mut bytes).unwrap();
        let pairs = bytes.chunks_exact(2);
        pairs
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            .collect()
    }

    #[test]
    fn what_is_played_is_heard_and_silence_is_silent_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (_server, socket, cookie) = server(folder.path());
        let mut listener = Command::new("parec")
            .arg(format!("--server=unix:{}", socket.display()))
            .args([
                "--device=ear.monitor",
                "--raw",
                "--format=s16le",
                "--channels=1",
            ])
            .args([&format!("--rate={CLIP_RATE_HZ}"), "--latency-msec=20"])
            .env("HOME", folder.path())
            .env("PULSE_COOKIE", folder.path().join("cookie"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("parec is installed, see ./dev");
        let mut ear = listener.stdout.take().unwrap();
        let _listener = Ended(listener);
        let silent = samples(&mut ear, 2_400);
        assert!(silent.iter().all(|sample| *sample == 0), "it hums");

        let mut speaker = Desktop::at(Some(socket), cookie);
        assert!(!speaker.is_absent());
        // Two seconds of a loud step that nobody could mistake: what is not silenced is still loud after one.
        let tone: Vec<i16> = (0..WAITING_MAX)
            .map(|at| if at / 12 % 2 == 0 { 8_000 } else { -8_000 })
            .collect();
        speaker.play(tone);
        let until = Instant::now() + WAIT;
        while !samples(&mut ear, 240)
            .iter()
            .any(|sample| sample.unsigned_abs() > 4_000)
        {
            assert!(Instant::now() < until, "nothing is heard");
        }
        speaker.silence();
        let after = samples(&mut ear, SILENT_AFTER + 2_400);
        let rest = &after[SILENT_AFTER..];
        assert!(
            rest.iter().all(|sample| sample.unsigned_abs() < 16),
            "it goes on after silence"
        );
        assert!(!speaker.is_absent());
    }

    #[test]
    fn without_a_server_there_is_no_sound_and_nothing_fails() {
        let folder = tempfile::tempdir().unwrap();
        let mut nowhere = Desktop::at(None, [0; 256]);
        nowhere.play(vec![1; 100]);
        nowhere.silence();
        assert!(nowhere.is_absent());
        let mut gone = Desktop::at(Some(folder.path().join("native")), [0; 256]);
        gone.play(vec![1; 100]);
        let until = Instant::now() + WAIT;
        while !gone.is_absent() {
            assert!(
                Instant::now() < until,
                "a server that is not there is not noticed"
            );
            std::thread::yield_now();
        }
        gone.silence();
    }
}
