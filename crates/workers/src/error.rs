use crate::confine::Part;
use std::{io, path::PathBuf};
use thiserror::Error;

/// A request was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Every place in the queue is taken.
    #[error("no place in the queue")]
    Full,
    /// Every place that this key may have is taken; others have theirs.
    #[error("no place in the queue for this key")]
    FullForKey,
    /// The request is longer than a frame may be.
    #[error("the request is too long")]
    TooLong,
    /// The pool was closed.
    #[error("the pool is closed")]
    Closed,
}

/// There is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Miss {
    /// Not yet: the work goes on, and the ticket can be waited on again.
    #[error("no answer within the deadline")]
    Deadline,
    /// And there will be none.
    #[error("no answer: {0}")]
    Lost(Lost),
}

/// Why there will be no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Lost {
    /// The helper gave no sign for too long and was killed.
    #[error("the helper hung")]
    Hung,
    /// The helper gave signs for longer than any request may take and was killed.
    #[error("the helper did not come to an end")]
    Endless,
    /// The helper ended before it answered.
    #[error("the helper died")]
    Died,
    /// The helper sent what no helper sends and was killed.
    #[error("the helper sent nonsense")]
    Nonsense,
    /// The answer is longer than a frame may be. The helper lives.
    #[error("the answer is too long")]
    TooLong,
    /// The pool was closed.
    #[error("the pool is closed")]
    Closed,
    /// This ticket has already said how it ended.
    #[error("the answer was given before")]
    Told,
}

/// A pool cannot begin.
#[derive(Debug, Error)]
pub enum StartError {
    /// A setting makes no sense.
    #[error("{0}")]
    Setting(&'static str),
    /// The system gives no thread.
    #[error("no thread for a helper")]
    Thread(#[source] io::Error),
}

/// A helper cannot serve on. Its process should end.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Standard input is no socket: nobody started this process as a helper.
    #[error("standard input is no socket of a pool")]
    NoPool(#[source] io::Error),
    /// Whoever asks cannot be read or answered.
    #[error("whoever asks is gone")]
    Gone(#[source] io::Error),
    /// Whoever asks sent something that is no request.
    #[error("not a request: {0}")]
    Nonsense(&'static str),
}

/// A helper is not confined as it has to be.
#[derive(Debug, Error)]
pub enum ConfineError {
    /// The kernel does not hold what was insisted on.
    #[error("this system does not confine {0:?}")]
    NotHeld(Part),
    /// A path that was to stay readable cannot be opened.
    #[error("{} cannot be opened", .0.display())]
    Path(PathBuf, #[source] io::Error),
}
