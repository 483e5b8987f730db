//! What the file system is told, a line each.
//!
//! | Line | From now on |
//! |---|---|
//! | `delay MS` | each answer takes so much longer |
//! | `hang OPS [PIECE]` | questions of these kinds (`any`, or names with commas between them) get no answer, where the path has this piece in it |
//! | `release` | they get it |
//! | `fail ERRNO COUNT OPS [PIECE]` | so many answers to such questions are this errno |
//! | `heal` | nothing is wrong any more |
//! | `remember MS` | the kernel believes for so long what it was told |
//! | `times GRAIN AHEAD` | times are multiples of GRAIN ms (0: exact), and AHEAD ms ahead (or behind) |
//! | `left` | answers how many errors are still to come |
//! | `counts` | answers how often what was asked, as JSON |
//! | `reset` | counts from nought |

use crate::{
    counts::Op,
    faults::{Failing, Faults, Questions, Times},
};
use std::time::Duration;

/// The errors that file servers are known for.
const ERRNOS: [(&str, i32); 9] = [
    ("EIO", 5),
    ("EACCES", 13),
    ("ENOTCONN", 107),
    ("ETIMEDOUT", 110),
    ("EHOSTDOWN", 112),
    ("ECONNABORTED", 103),
    ("ESTALE", 116),
    ("EREMOTEIO", 121),
    ("EKEYEXPIRED", 127),
];

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Delay(Duration),
    Hang(Questions),
    Release,
    Fail(Failing),
    Heal,
    Remember(Duration),
    Times(Times),
    Left,
    Counts,
    Reset,
}

impl Command {
    /// # Errors
    /// In words, if the line is none of these.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        let mut words = line.split(' ');
        let first = words.next().unwrap_or_default();
        let mut word = || words.next().ok_or_else(|| format!("{first} needs more words"));
        let number = |text: &str| text.parse::<u64>().map_err(|_| format!("{text} is no number"));
        Ok(match first {
            "delay" => Self::Delay(Duration::from_millis(number(word()?)?)),
            "hang" => Self::Hang(questions(word()?, word().ok())?),
            "release" => Self::Release,
            "fail" => {
                let name = word()?;
                let errno = ERRNOS.iter().find(|(known, _)| *known == name);
                Self::Fail(Failing {
                    errno: errno.ok_or_else(|| format!("{name} is not known"))?.1,
                    left: number(word()?)?,
                    of: questions(word()?, word().ok())?,
                })
            }
            "heal" => Self::Heal,
            "remember" => Self::Remember(Duration::from_millis(number(word()?)?)),
            "times" => Self::Times(Times {
                grain_ms: number(word()?)?,
                ahead_ms: word()?.parse().map_err(|_| "AHEAD is no number")?,
            }),
            "left" => Self::Left,
            "counts" => Self::Counts,
            "reset" => Self::Reset,
            other => return Err(format!("{other} is not known")),
        })
    }

    /// Does it, and says what is to be answered.
    pub(crate) fn carry_out(self, faults: &Faults) -> String {
        match self {
            Self::Delay(delay) => faults.delay(delay),
            Self::Hang(hung) => faults.hang(hung),
            Self::Release => faults.release(),
            Self::Fail(failing) => faults.fail(failing),
            Self::Heal => faults.heal(),
            Self::Remember(remembered) => faults.remember(remembered),
            Self::Times(times) => faults.tell_times(times),
            Self::Left => return faults.left().to_string(),
            Self::Counts => return faults.counts.to_json(),
            Self::Reset => faults.counts.reset(),
        }
        "ok".to_owned()
    }
}

fn questions(names: &str, piece: Option<&str>) -> Result<Questions, String> {
    let op = |name| Op::named(name).ok_or_else(|| format!("{name} is not known"));
    Ok(Questions {
        ops: match names {
            "any" => Vec::new(),
            names => names.split(',').map(op).collect::<Result<_, _>>()?,
        },
        within: piece.unwrap_or_default().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_understood_or_refused() {
        let of = |ops: &[Op], within: &str| Questions {
            ops: ops.to_vec(),
            within: within.into(),
        };
        let failing = Failing {
            errno: 116,
            left: 3,
            of: of(&[Op::Open, Op::Read], "cur/"),
        };
        for (line, command) in [
            ("delay 200", Command::Delay(Duration::from_millis(200))),
            ("hang any", Command::Hang(of(&[], ""))),
            ("hang read tanaka", Command::Hang(of(&[Op::Read], "tanaka"))),
            ("fail ESTALE 3 open,read cur/", Command::Fail(failing)),
            (
                "times 1000 -5",
                Command::Times(Times {
                    grain_ms: 1000,
                    ahead_ms: -5,
                }),
            ),
            ("counts", Command::Counts),
        ] {
            assert_eq!(Command::parse(line), Ok(command), "{line}");
        }
        for line in [
            "",
            "delay",
            "delay x",
            "fail EFUN 1 any",
            "fail EIO 1 write",
            "fail EIO",
        ] {
            assert!(Command::parse(line).is_err(), "{line}");
        }
    }
}
