//! Lanes: threads that each serve connections of their own, from the first request to the last.
//!
//! A page is a chain of small tasks that wait for each other. On a runtime that shares its tasks between threads, each step may
//! wake another thread, and for a page that takes few milliseconds the waking cost more than the work. A lane is one thread with
//! one runtime: what a connection spawns stays on it, pages included (leptos spawns onto the runtime it is called on).
//!
//! What this asks for:
//!
//! - Nothing long runs on a lane, for it would hold up every connection there. Rendering a page takes a few milliseconds; the
//!   spool has threads of its own, and parsing, sanitising and long compressing go through `spawn_blocking`.
//! - A task may be waited for by a request on another lane (a look at the spool is made once, however many wait). So no lane ends
//!   before all have finished their answers.
//! - A panic ends its task, never the lane.

use crate::{
    listen::{self, Stream},
    middleware::client::Peer,
};
use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use std::{
    io,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    runtime::{Builder, Runtime},
    sync::{mpsc, oneshot},
};

/// How long answers may take to finish once the process is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// With fewer, one page that takes long would hold up all others.
const FEWEST: usize = 2;
const MOST: usize = 16;
/// Threads for work that blocks, over all lanes: what tokio gives to one runtime. A slow reader of a large file holds one.
const BLOCKING: usize = 512;
/// The same for one lane, however many there are.
const FEWEST_BLOCKING: usize = 64;

/// All lanes of the process.
pub struct Lanes {
    lanes: Vec<Lane>,
    next: usize,
}

struct Lane {
    connections: mpsc::UnboundedSender<Connection>,
    open: Arc<AtomicUsize>,
    answered: oneshot::Receiver<()>,
    /// The lane ends when this is dropped.
    release: oneshot::Sender<()>,
}

/// On its way to its lane.
struct Connection {
    stream: Stream,
    place: Place,
}

/// Counts a connection of a lane as long as it is open.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(open))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lanes {
    /// One lane for each core.
    pub fn for_this_machine(router: &Router) -> io::Result<Self> {
        let cores = thread::available_parallelism().map_or(FEWEST, NonZero::get);
        Self::start(cores.clamp(FEWEST, MOST), router)
    }

    /// This many lanes.
    pub fn start(count: usize, router: &Router) -> io::Result<Self> {
        let blocking = (BLOCKING / count.max(1)).max(FEWEST_BLOCKING);
        let lanes = (0..count).map(|number| Lane::start(number, blocking, router.clone()));
        Ok(Self {
            lanes: lanes.collect::<io::Result<_>>()?,
            next: 0,
        })
    }

    /// Hands a connection to the lane that has the fewest, and from one to the next among equals.
    pub(crate) fn take(&mut self, stream: Stream) {
        let count = self.lanes.len();
        let in_turn = (self.next..self.next + count).map(|number| number % count.max(1));
        let Some(number) = in_turn.min_by_key(|number| self.lanes[*number].open.load(Ordering::Relaxed)) else {
            return;
        };
        self.next = (number + 1) % count;
        let lane = &self.lanes[number];
        let place = Place::new(&lane.open);
        if lane.connections.send(Connection { stream, place }).is_err() {
            tracing::error!(number, "a lane has ended and takes no connection");
        }
    }

    /// Takes no more, and waits until each lane has finished its answers, or has cut them off. Then the lanes end.
    pub async fn stop(self) {
        let (mut answered, mut released) = (Vec::new(), Vec::new());
        for lane in self.lanes {
            drop(lane.connections);
            answered.push(lane.answered);
            released.push(lane.release);
        }
        for lane in answered {
            // An error is a lane that has ended, which waits for nothing any more.
            let _ = lane.await;
        }
        drop(released);
    }
}

impl Lane {
    fn start(number: usize, blocking: usize, router: Router) -> io::Result<Self> {
        let name = format!("lane-{number}");
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(blocking)
            .thread_name(format!("{name}-blocking"))
            .build()?;
        let (connections, handed) = mpsc::unbounded_channel();
        let (done, answered) = oneshot::channel();
        let (release, released) = oneshot::channel();
        thread::Builder::new().name(name).spawn(move || {
            serve(&runtime, router, handed, done, released);
            // What still blocks here blocks nobody who waits.
            runtime.shutdown_background();
        })?;
        Ok(Self {
            connections,
            open: Arc::default(),
            answered,
            release,
        })
    }
}

/// A lane, from its first connection to its end.
fn serve(
    runtime: &Runtime,
    router: Router,
    mut handed: mpsc::UnboundedReceiver<Connection>,
    done: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
) {
    runtime.block_on(async move {
        let graceful = GracefulShutdown::new();
        while let Some(Connection { stream, place }) = handed.recv().await {
            let router = router.clone();
            let begun = match stream {
                Stream::Tcp(stream) => TcpStream::from_std(stream).and_then(|stream| {
                    // One that is gone already has none, and could pass for this machine.
                    let peer = Peer::Address(stream.peer_addr()?.ip().to_canonical());
                    begin(&graceful, stream, peer, router, place);
                    Ok(())
                }),
                Stream::Unix(stream) => {
                    UnixStream::from_std(stream).map(|stream| begin(&graceful, stream, Peer::Unix, router, place))
                }
            };
            if let Err(error) = begun {
                tracing::warn!(%error, "a connection could not be taken");
            }
        }
        if tokio::time::timeout(LAST_ANSWERS, graceful.shutdown()).await.is_err() {
            tracing::warn!("some answers did not finish and were cut off");
        }
        let _ = done.send(());
        let _ = released.await;
    });
}

fn begin<I>(graceful: &GracefulShutdown, stream: I, peer: Peer, router: Router, place: Place)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connection = graceful.watch(listen::connection(stream, peer, router));
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
