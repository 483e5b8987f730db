//! A body that a thread writes while it is sent: what is written waits for a slow reader, and memory does not grow.

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use std::io::{self, Write};
use tokio::sync::mpsc;

/// Chunks on their way to a slow reader.
const CHUNKS_AHEAD: usize = 4;
const CHUNK: usize = 64 << 10;

/// Passes what is written on to the reader, in chunks. Only for a thread that may block.
pub struct Sink {
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

/// Breaks the body off.
pub struct Failure(mpsc::Sender<io::Result<Bytes>>);

impl Sink {
    /// A sink, and the body that it fills.
    pub fn new() -> (Self, Body) {
        let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(CHUNKS_AHEAD);
        let sink = Self {
            sender,
            buffer: Vec::with_capacity(CHUNK),
        };
        let chunks = stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|chunk| (chunk, receiver))
        });
        (sink, Body::from_stream(chunks))
    }

    /// For when it cannot be written to its end.
    pub fn failure(&self) -> Failure {
        Failure(self.sender.clone())
    }
}

impl Failure {
    /// The transfer is broken off, so that nobody takes a part for the whole.
    pub fn tell(self, error: io::Error) {
        // Whoever read may be gone.
        let _ = self.0.blocking_send(Err(error));
    }
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
