use crate::{
    clock,
    error::Lost,
    frame::{self, FrameError, Kind, Reader},
    patience::Patient,
    settings::Settings,
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    net::{RecvFlags, recv},
    process::{Pid, PidfdFlags, pidfd_open},
};
use std::{
    io::{self, ErrorKind},
    os::{
        fd::OwnedFd,
        unix::{net::UnixStream, process::CommandExt},
    },
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

/// A process that was killed is waited for so long before it counts as one that cannot be.
pub(crate) const GRACE: Duration = Duration::from_millis(500);

/// How a process is killed; another in tests, since nothing that cannot be killed can be made there.
pub(crate) type Killer = fn(&mut Child) -> io::Result<()>;

/// One process, and the thread's end of its socket.
pub(crate) struct Helper {
    child: Child,
    stream: Arc<UnixStream>,
    reader: Reader,
    /// Of the last request.
    number: u64,
    /// It has answered something.
    pub(crate) has_served: bool,
}

impl Helper {
    /// Starts a process. It dies with the thread that calls this.
    pub(crate) fn start(settings: &Settings) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        ours.set_read_timeout(Some(settings.hung_after))?;
        ours.set_write_timeout(Some(settings.hung_after))?;
        let child = Command::new(&settings.program)
            .args(&settings.args)
            .env_clear()
            .envs(settings.env.iter().map(|(name, value)| (name, value)))
            .current_dir("/")
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            // What is typed at a terminal concerns the process that was started there, which then ends its helpers.
            .process_group(0)
            .spawn()?;
        Ok(Self {
            child,
            stream: Arc::new(ours),
            reader: Reader::new(),
            number: 0,
            has_served: false,
        })
    }

    /// Shutting it down ends whatever waits for this helper.
    pub(crate) fn stream(&self) -> Arc<UnixStream> {
        Arc::clone(&self.stream)
    }

    /// Waits until the process says that it takes requests.
    pub(crate) fn ready(&mut self, settings: &Settings) -> Result<(), Lost> {
        let mut socket = Patient::new(&self.stream, settings.hung_after);
        let frame = self.reader.next(&mut socket, 0).map_err(lost)?;
        match (frame.kind, frame.number) {
            (Kind::Ready, 0) => Ok(()),
            _ => Err(Lost::Nonsense),
        }
    }

    /// It lives, as far as the socket knows, and has said nothing without being asked.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut byte = [0_u8];
        let peeked = recv(&*self.stream, &mut byte, RecvFlags::PEEK | RecvFlags::DONTWAIT);
        self.reader.is_empty() && matches!(peeked, Err(Errno::AGAIN))
    }

    /// Gives it a request and waits for the answer; what comes before it, once, is handed on. After an error other than
    /// [`Lost::TooLong`] it is of no use any more.
    pub(crate) fn serve(
        &mut self,
        request: &[u8],
        settings: &Settings,
        mut ahead: Option<impl FnOnce(Vec<u8>)>,
    ) -> Result<Vec<u8>, Lost> {
        self.number += 1;
        let begun = clock::now();
        let mut socket = Patient::new(&self.stream, settings.hung_after);
        frame::send(&mut socket, Kind::Request, self.number, request).map_err(lost)?;
        loop {
            let frame = self.reader.next(&mut socket, settings.max_frame).map_err(lost)?;
            if frame.number != self.number {
                return Err(Lost::Nonsense);
            }
            match frame.kind {
                Kind::Beat if clock::since(begun) > settings.longest => return Err(Lost::Endless),
                Kind::Beat => socket.renew(),
                Kind::Ahead => {
                    ahead.take().ok_or(Lost::Nonsense)?(frame.bytes);
                    socket.renew();
                }
                Kind::Answer | Kind::TooLong if !self.reader.is_empty() => return Err(Lost::Nonsense),
                Kind::Answer => {
                    self.has_served = true;
                    return Ok(frame.bytes);
                }
                Kind::TooLong => return Err(Lost::TooLong),
                Kind::Request | Kind::Ready => return Err(Lost::Nonsense),
            }
        }
    }

    /// Lets it end by itself, and kills it if it does not. `Some` if even that does not end it.
    pub(crate) fn finish(mut self, killer: Killer) -> Option<Child> {
        // Fails if the process is gone already.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        if is_gone(&mut self.child, GRACE) {
            return None;
        }
        self.kill(killer)
    }

    /// Kills it. `Some` if that does not end it.
    pub(crate) fn kill(mut self, killer: Killer) -> Option<Child> {
        if let Err(error) = killer(&mut self.child) {
            tracing::debug!(%error, "a helper cannot be killed");
        }
        (!is_gone(&mut self.child, GRACE)).then_some(self.child)
    }
}

/// Takes leave of a process that has ended, if it ends within `grace`.
pub(crate) fn is_gone(child: &mut Child, grace: Duration) -> bool {
    // A process that is not taken leave of keeps its number, so this is the right one.
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if !grace.is_zero()
        && let Some(Ok(process)) = pid.map(|pid| pidfd_open(pid, PidfdFlags::empty()))
        && let Ok(grace) = Timespec::try_from(grace)
    {
        // Whatever comes of waiting, what follows asks again.
        let _ = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&grace));
    }
    // An error says that there is no such child: it was taken leave of.
    !matches!(child.try_wait(), Ok(None))
}

fn lost(error: FrameError) -> Lost {
    match error {
        FrameError::Ended => Lost::Died,
        FrameError::Io(error) if error.kind() == ErrorKind::TimedOut => Lost::Hung,
        FrameError::Io(_) => Lost::Died,
        FrameError::Nonsense(what) => {
            tracing::warn!(what, "a helper sent nonsense");
            Lost::Nonsense
        }
    }
}
