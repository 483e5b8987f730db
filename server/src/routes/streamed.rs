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

/// What is sent in a file with others is read whole before anything of it is written, up to here.
pub const AT_ONCE: u64 = 8 << 20;

/// Whoever takes nothing for so long has gone away without a word.
const STALLED: Duration = Duration::from_secs(120);

/// A body that `write` fills, on a thread that may block. If it fails the transfer is broken off, so that nobody takes a part for the
/// whole; and so it is if nothing of it is taken for two minutes.
pub fn written(write: impl FnOnce(Sink) -> io::Result<()> + Send + 'static) -> Body {
    let (sender, receiver) = mpsc::channel::<Bytes>(CHUNKS_AHEAD);
    let writing = tokio::task::spawn_blocking(move || {
        let outcome = write(Sink {
            runtime: Handle::current(),
            sender,
            buffer: Vec::with_capacity(CHUNK),
        });
        match &outcome {
            // Whoever read has gone, as people do.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => tracing::warn!(%error, "a transfer is broken off"),
            Ok(()) => {}
        }
        outcome
    });
    Body::from_stream(stream::unfold(Some((receiver, writing)), |going_on| async move {
        let (mut receiver, writing) = going_on?;
        if let Some(chunk) = receiver.recv().await {
            return Some((Ok(chunk), Some((receiver, writing))));
        }
        // Nothing more comes: only the writer knows whether that was all.
        match writing.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some((Err(error), None)),
            Err(fallen) => Some((Err(io::Error::other(fallen)), None)),
        }
    }))
}

/// Passes what is written on to the reader, in chunks.
pub struct Sink {
    runtime: Handle,
    sender: mpsc::Sender<Bytes>,
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
        let sent = timeout(STALLED, self.sender.send(chunk));
        match self.runtime.block_on(sent) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;

    /// Of what a body gives, how it ends.
    async fn end_of(body: Body) -> Result<usize, axum::Error> {
        let mut pieces = body.into_data_stream();
        let mut bytes = 0;
        while let Some(piece) = pieces.next().await {
            bytes += piece?.len();
        }
        Ok(bytes)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_written_is_sent_and_ends() {
        let body = written(|mut sink| {
            sink.write_all(&[7; 3 * CHUNK + 5])?;
            sink.flush()
        });
        assert_eq!(end_of(body).await.unwrap(), 3 * CHUNK + 5);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_breaks_off_is_no_end_also_where_the_reader_is_slow() {
        let (said, failed) = tokio::sync::oneshot::channel();
        let body = written(move |mut sink| {
            // As much as is under way at once: there is no room for another word.
            for _ in 0..CHUNKS_AHEAD {
                sink.write_all(&[7; CHUNK])?;
            }
            let _ = said.send(());
            Err(io::ErrorKind::TimedOut.into())
        });
        failed.await.unwrap();
        assert!(end_of(body).await.is_err());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_writer_that_falls_over_is_no_end() {
        let body = written(|_| panic!("on purpose"));
        assert!(end_of(body).await.is_err());
    }
}
