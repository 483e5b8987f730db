//! Lines to and from a server, with an end to each of them.

use crate::{Cause, tls::Secured, trouble::Trouble};
use std::{io, net::IpAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

/// RFC 5321 §4.5.3.1.5 gives replies 512 octets, RFC 7162 §4 gives IMAP 8,192.
pub const LONGEST_LINE: usize = 8 * 1024;
/// What one question may be answered with.
pub const LONGEST_ANSWER: usize = 64 * 1024;
/// The same in lines.
pub const MOST_LINES: usize = 1_000;

enum Stream {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

/// A connection to a server.
pub struct Talk {
    stream: Stream,
    unread: Vec<u8>,
    /// Of the answer that is being read.
    bytes: usize,
    lines: usize,
    told: bool,
}

impl Talk {
    pub fn new(stream: TcpStream) -> Self {
        Self::over(Stream::Plain(stream))
    }

    fn over(stream: Stream) -> Self {
        Self {
            stream,
            unread: Vec::new(),
            bytes: 0,
            lines: 0,
            told: false,
        }
    }

    /// Goes on with TLS. Nothing that was said before it is taken over (RFC 3207 §4.2): what waits unread in clear is refused, and
    /// what is still on its way is read by the handshake, to which it is none.
    pub async fn secure(self, secured: &Secured) -> Result<Self, Trouble> {
        self.quiet()?;
        let Stream::Plain(stream) = self.stream else {
            return Err(Trouble::new(Cause::Tls, "TLS within TLS"));
        };
        let stream = secured.handshake(stream).await?;
        Ok(Self::over(Stream::Secure(Box::new(stream))))
    }

    /// # Errors
    /// More has been said than was asked: what is read next would be the answer to something else.
    pub fn quiet(&self) -> Result<(), Trouble> {
        match self.unread.is_empty() {
            true => Ok(()),
            false => Err(Trouble::protocol("more was said than was asked")),
        }
    }

    /// Whether nobody but the server hears what is sent: it has TLS, or does not leave this machine.
    pub fn is_private(&self) -> bool {
        match &self.stream {
            Stream::Secure(_) => true,
            Stream::Plain(stream) => stream
                .peer_addr()
                .is_ok_and(|peer| peer.ip().to_canonical().is_loopback()),
        }
    }

    /// Our own address, as the connection has it.
    pub fn own_address(&self) -> Option<IpAddr> {
        let stream = match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Secure(stream) => stream.get_ref().0,
        };
        stream.local_addr().ok().map(|address| address.ip().to_canonical())
    }

    /// From now on the server knows the password and could repeat it: its words are not kept any more.
    pub fn about_to_tell(&mut self) {
        self.told = true;
    }

    /// What the server said, for the staff.
    pub fn quote(&self, line: &[u8]) -> String {
        match self.told {
            true => String::new(),
            false => String::from_utf8_lossy(line).into_owned(),
        }
    }

    /// Sends a line, which ends the answer to the last one.
    pub async fn send(&mut self, line: &[u8]) -> Result<(), Trouble> {
        (self.bytes, self.lines) = (0, 0);
        let line = [line, b"\r\n"].concat();
        let sent = match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(&line).await,
            Stream::Secure(stream) => match stream.write_all(&line).await {
                Ok(()) => stream.flush().await,
                error => error,
            },
        };
        match sent {
            // It may have said why before it went: that is to be read, and if not, reading says that it is gone.
            Err(error) if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) => Ok(()),
            sent => sent.map_err(|error| Trouble::talking(&error)),
        }
    }

    /// The next line without its end, which may be a bare LF.
    pub async fn line(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut looked = 0;
        let end = loop {
            let more = self.unread.get(looked..).unwrap_or_default();
            if let Some(at) = more.iter().position(|byte| *byte == b'\n') {
                break looked + at;
            }
            looked = self.unread.len();
            if looked > LONGEST_LINE {
                break looked;
            }
            self.read().await?;
        };
        if end > LONGEST_LINE {
            return Err(Trouble::protocol("a line without an end"));
        }
        self.lines += 1;
        if self.lines > MOST_LINES {
            return Err(Trouble::protocol("an answer of too many lines"));
        }
        let mut line = self.take(end + 1)?;
        line.pop();
        line.pop_if(|byte| *byte == b'\r');
        Ok(line)
    }

    /// The next so many bytes, whatever they are.
    pub async fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Trouble> {
        if length > LONGEST_ANSWER.saturating_sub(self.bytes) {
            return Err(too_long());
        }
        while self.unread.len() < length {
            self.read().await?;
        }
        self.take(length)
    }

    fn take(&mut self, length: usize) -> Result<Vec<u8>, Trouble> {
        self.bytes += length;
        if self.bytes > LONGEST_ANSWER {
            return Err(too_long());
        }
        let rest = self.unread.split_off(length.min(self.unread.len()));
        Ok(std::mem::replace(&mut self.unread, rest))
    }

    async fn read(&mut self) -> Result<(), Trouble> {
        let mut piece = [0; 4096];
        let read = match &mut self.stream {
            Stream::Plain(stream) => stream.read(&mut piece).await,
            Stream::Secure(stream) => stream.read(&mut piece).await,
        };
        match read {
            Ok(0) => Err(Trouble::new(Cause::Closed, "")),
            Ok(length) => {
                self.unread.extend_from_slice(piece.get(..length).unwrap_or_default());
                Ok(())
            }
            Err(error) => Err(Trouble::talking(&error)),
        }
    }
}

fn too_long() -> Trouble {
    Trouble::protocol("an answer that is too long")
}
