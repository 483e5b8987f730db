//! A body that a thread writes while it is sent: what is written waits for a slow reader, and memory does not grow.

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use std::{
    io::{self, Write},
    time::Duration,
};
use tokio::{runtime::Handle, sync::mpsc, time::timeout};

/// Chunks on their way to a slow reader.
const CHUNKS_AHEAD: usize = 4;
const CHUNK: usize = 64 << 10;

/// Whoever takes nothing for so long has gone away without a word.
const STALLED: Duration = Duration::from_secs(120);

/// A body that `write` fills, on a thread that may block. If it fails the transfer is broken off, so that nobody takes a part for the
/// whole; and so it is if nothing of it is taken for two minutes.
pub fn written(write: impl FnOnce(Sink) -> io::Result<()> + Send + 'static) -> Body {
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(CHUNKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        let sink = Sink {
            runtime: Handle::current(),
            sender: sender.clone(),
            buffer: Vec::with_capacity(CHUNK),
        };
        if let Err(error) = write(sink) {
            // Whoever read may be gone. Where there is no room for it, the body ends without its last chunk, which says the same.
            let _ = sender.try_send(Err(error));
        }
    });
    Body::from_stream(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    }))
}

/// Passes what is written on to the reader, in chunks.
pub struct Sink {
    runtime: Handle,
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK)).into();
        let sent = timeout(STALLED, self.sender.send(Ok(chunk)));
        match self.runtime.block_on(sent) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
