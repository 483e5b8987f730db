use crate::clock;
use std::{
    io::{self, ErrorKind, IoSlice, Read, Write},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

/// A socket that is given up when no whole frame has passed for a while. The socket's own timeouts are of the same length, so
/// one who sends a byte now and then gains no more than that once.
pub(crate) struct Patient<'a> {
    stream: &'a UnixStream,
    since: Instant,
    patience: Duration,
}

impl<'a> Patient<'a> {
    pub(crate) fn new(stream: &'a UnixStream, patience: Duration) -> Self {
        Self {
            stream,
            since: clock::now(),
            patience,
        }
    }

    /// A frame has come.
    pub(crate) fn renew(&mut self) {
        self.since = clock::now();
    }

    fn attempt(&self, call: impl FnOnce(&UnixStream) -> io::Result<usize>) -> io::Result<usize> {
        if clock::since(self.since) > self.patience {
            return Err(ErrorKind::TimedOut.into());
        }
        call(self.stream).map_err(|error| match error.kind() {
            // What a timeout of a socket is called.
            ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
            _ => error,
        })
    }
}

impl Read for Patient<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.attempt(|mut stream| stream.read(to))
    }
}

impl Write for Patient<'_> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.attempt(|mut stream| stream.write(from))
    }

    fn write_vectored(&mut self, from: &[IoSlice<'_>]) -> io::Result<usize> {
        self.attempt(|mut stream| stream.write_vectored(from))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
