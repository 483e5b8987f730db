use crate::{
    clock,
    error::ServeError,
    frame::{self, FrameError, Kind, Reader},
};
use rustix::process::{Signal, set_parent_process_death_signal};
use std::{
    cell::Cell,
    io,
    os::unix::net::UnixStream,
    rc::Rc,
    time::{Duration, Instant},
};

/// Signs of life are no closer together.
const BETWEEN: Duration = Duration::from_millis(20);

/// By this a long job says that it goes on. A clone says so for the same helper, whatever it works on by then; it stays on its thread.
#[derive(Clone)]
pub struct Beat(Rc<Serving>);

struct Serving {
    stream: UnixStream,
    max_frame: usize,
    is_ahead: Cell<bool>,
    number: Cell<u64>,
    last: Cell<Instant>,
}

impl Beat {
    /// Gives a part of the answer that can be used before the rest is made: the first one for a request that is no longer than a frame
    /// may be, and nothing between two requests. Whoever asked finds it in [`Ticket::ahead`](crate::Ticket::ahead).
    pub fn ahead(&self, bytes: &[u8]) {
        let serving = &*self.0;
        if serving.number.get() > 0 && bytes.len() <= serving.max_frame && !serving.is_ahead.replace(true) {
            serving.last.set(clock::now());
            // As with signs of life.
            let _ = frame::send(&mut &serving.stream, Kind::Ahead, serving.number.get(), bytes);
            // Where cores are few, whoever waits for this goes first.
            std::thread::yield_now();
        }
    }

    /// A step was done: whoever waits knows that nothing hangs. Cheap enough to be called for every file; it writes at most
    /// every 20 milliseconds, and nothing between two requests.
    pub fn step(&self) {
        let Serving {
            stream, number, last, ..
        } = &*self.0;
        if number.get() > 0 && clock::since(last.get()) >= BETWEEN {
            last.set(clock::now());
            let mut stream = stream;
            // Nobody to hear it is nobody to answer, which is then found.
            let _ = frame::send(&mut stream, Kind::Beat, number.get(), &[]);
        }
    }
}

/// Serves the pool that started this process, on standard input, until the pool ends it: one request after the other. No answer
/// is longer than `max_frame` bytes, which is the pool's setting. If `work` panics, the process should end.
///
/// # Errors
/// If nobody who asks is there, or they ask nonsense.
pub fn serve(max_frame: usize, mut work: impl FnMut(Vec<u8>, &Beat) -> Vec<u8>) -> Result<(), ServeError> {
    // The pool's end also closes standard input; but one who hangs in the kernel does not see that.
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|errno| ServeError::Gone(errno.into()))?;
    let beat = Beat(Rc::new(Serving {
        stream: stdin().map_err(ServeError::NoPool)?,
        max_frame,
        is_ahead: Cell::new(false),
        number: Cell::new(0),
        last: Cell::new(clock::now()),
    }));
    let mut reader = Reader::new();
    let mut socket = &beat.0.stream;
    frame::send(&mut socket, Kind::Ready, 0, &[]).map_err(failed)?;
    loop {
        let request = match reader.next(&mut socket, max_frame) {
            Err(FrameError::Ended) => return Ok(()),
            request => request.map_err(failed)?,
        };
        if request.kind != Kind::Request {
            return Err(ServeError::Nonsense("only requests are taken"));
        }
        beat.0.number.set(request.number);
        beat.0.is_ahead.set(false);
        beat.0.last.set(clock::now());
        let answer = work(request.bytes, &beat);
        let number = beat.0.number.replace(0);
        let sent = if answer.len() > max_frame {
            frame::send(&mut socket, Kind::TooLong, number, &[])
        } else {
            frame::send(&mut socket, Kind::Answer, number, &answer)
        };
        match sent {
            Err(FrameError::Ended) => return Ok(()),
            sent => sent.map_err(failed)?,
        }
    }
}

fn stdin() -> io::Result<UnixStream> {
    let stream = UnixStream::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?);
    // Fails for what is no socket.
    stream.local_addr()?;
    Ok(stream)
}

fn failed(error: FrameError) -> ServeError {
    match error {
        FrameError::Ended => ServeError::Gone(io::ErrorKind::UnexpectedEof.into()),
        FrameError::Io(error) => ServeError::Gone(error),
        FrameError::Nonsense(what) => ServeError::Nonsense(what),
    }
}
