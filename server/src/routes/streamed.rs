//! A body that a thread writes while it is sent: what is written waits for a slow reader, and memory does not grow.

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use std::io::{self, Write};
use tokio::sync::mpsc;

/// Chunks on their way to a slow reader.
const CHUNKS_AHEAD: usize = 4;
const CHUNK: usize = 64 << 10;

/// A body that `write` fills, on a thread that may block. If it fails the transfer is broken off, so that nobody takes a part for the
/// whole.
pub fn written(write: impl FnOnce(Sink) -> io::Result<()> + Send + 'static) -> Body {
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(CHUNKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        let sink = Sink {
            sender: sender.clone(),
            buffer: Vec::with_capacity(CHUNK),
        };
        if let Err(error) = write(sink) {
            // Whoever read may be gone.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Body::from_stream(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    }))
}

/// Passes what is written on to the reader, in chunks.
pub struct Sink {
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
        self.sender
            .blocking_send(Ok(chunk))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
