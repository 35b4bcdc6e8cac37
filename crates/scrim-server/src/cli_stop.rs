//! How a serving process says where it listens, and how it is told to stop.

use std::io::Read;
use std::path::{Path, PathBuf};

use tokio::sync::oneshot;

use crate::error::ServerError;

/// Readers of the file see the whole port or no file.
pub(crate) fn write_port(file: &Path, port: u16) -> Result<(), ServerError> {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    std::fs::write(&new, format!("{port}\n"))
        .and_then(|()| std::fs::rename(&new, file))
        .map_err(ServerError::io("writing the port file"))
}

/// Done on SIGTERM, on SIGINT and, if asked for, when standard input closes.
pub(crate) fn told_to_stop(
    parent_watch: bool,
) -> Result<impl Future<Output = ()> + Send + 'static, ServerError> {
    let (closing, closed) = oneshot::channel::<()>();
    if parent_watch {
        // A thread of its own: reading standard input cannot be called off.
        std::thread::Builder::new()
            .name("parent-watch".to_owned())
            .spawn(move || {
                let mut buffer = [0_u8; 64];
                let mut input = std::io::stdin().lock();
                while matches!(input.read(&mut buffer), Ok(1..)) {}
                closing.send(()).ok();
            })
            .map_err(ServerError::io("watching standard input"))?;
    } else {
        drop(closing);
    }
    let signals = signals()?;
    Ok(async move {
        // A sender that is gone without a word watches nothing.
        let closed = async {
            if closed.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = signals => {}
            () = closed => {}
        }
    })
}

#[cfg(unix)]
fn signals() -> Result<impl Future<Output = ()> + Send + 'static, ServerError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate =
        signal(SignalKind::terminate()).map_err(ServerError::io("listening for signals"))?;
    let mut interrupt =
        signal(SignalKind::interrupt()).map_err(ServerError::io("listening for signals"))?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> Result<impl Future<Output = ()> + Send + 'static, ServerError> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
