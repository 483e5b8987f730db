//! A server that follows a script, to one client.

use std::time::{Duration, Instant};

use probe::{Deadlines, Report, Step, Target};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::oneshot,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

#[derive(Clone)]
pub enum Act {
    /// In answer to what belongs to the step. `TAG` becomes the first word of what was heard last.
    Say(Step, Vec<u8>),
    /// Waits for a line.
    Hear,
    Handshake(TlsAcceptor),
    /// The same bytes until nobody takes them.
    Endless(Vec<u8>),
    /// Says nothing until the client goes.
    Silence,
}

pub fn say(step: Step, text: &str) -> Act {
    Act::Say(step, text.as_bytes().to_vec())
}

pub struct Fake {
    pub port: u16,
    /// A connection was accepted.
    pub accepted: oneshot::Receiver<()>,
    /// The lines that it heard.
    pub heard: JoinHandle<Vec<String>>,
}

pub async fn serve(script: Vec<Act>) -> Fake {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, accepted) = oneshot::channel();
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let _ = told.send(());
        follow(Box::new(stream), script).await
    });
    Fake { port, accepted, heard }
}

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

async fn follow(mut stream: Box<dyn Io>, script: Vec<Act>) -> Vec<String> {
    let mut heard: Vec<String> = Vec::new();
    for act in script {
        match act {
            Act::Say(_, text) => {
                let tag = heard.last().and_then(|line| line.split(' ').next()).unwrap_or("*");
                let text = replace(&text, b"TAG", tag.as_bytes());
                // Who has heard enough goes.
                let _ = stream.write_all(&text).await;
                let _ = stream.flush().await;
            }
            Act::Hear => match line(&mut stream).await {
                Some(line) => heard.push(line),
                None => return heard,
            },
            Act::Handshake(acceptor) => match acceptor.accept(stream).await {
                Ok(secured) => stream = Box::new(secured),
                Err(_) => return heard,
            },
            Act::Endless(text) => while stream.write_all(&text).await.is_ok() && stream.flush().await.is_ok() {},
            Act::Silence => {
                while let Some(line) = line(&mut stream).await {
                    heard.push(line);
                }
            }
        }
    }
    let _ = stream.shutdown().await;
    heard
}

async fn line(stream: &mut Box<dyn Io>) -> Option<String> {
    let mut line = Vec::new();
    loop {
        match stream.read_u8().await {
            Ok(b'\n') => break,
            Ok(byte) => line.push(byte),
            Err(_) => return None,
        }
    }
    line.pop_if(|byte| *byte == b'\r');
    Some(String::from_utf8_lossy(&line).into_owned())
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}

/// Nobody who answers at all takes that long.
pub const PATIENT: Deadlines = Deadlines {
    step: Duration::from_secs(60),
    total: Duration::from_secs(120),
};

/// For servers that never answer.
pub const IMPATIENT: Deadlines = Deadlines {
    step: Duration::from_secs(1),
    total: Duration::from_secs(60),
};

#[expect(clippy::disallowed_methods, reason = "a probe is given a clock")]
pub async fn look(target: &Target, deadlines: Deadlines) -> Report {
    let started = Instant::now();
    probe::probe(target, deadlines, &|| started.elapsed()).await
}
