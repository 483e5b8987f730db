//! How often what was asked.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is asked of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Lookup,
    Getattr,
    Open,
    Read,
    Readdir,
}

impl Op {
    /// All, in the order of their numbers.
    pub(crate) const ALL: [(Op, &str); 5] = [
        (Op::Lookup, "lookup"),
        (Op::Getattr, "getattr"),
        (Op::Open, "open"),
        (Op::Read, "read"),
        (Op::Readdir, "readdir"),
    ];

    pub(crate) fn named(name: &str) -> Option<Op> {
        Op::ALL.into_iter().find(|(_, other)| *other == name).map(|(op, _)| op)
    }
}

/// One number for each kind.
#[derive(Debug, Default)]
pub(crate) struct Counts([AtomicU64; Op::ALL.len()]);

impl Counts {
    pub(crate) fn note(&self, op: Op) {
        if let Some(count) = self.0.get(op as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn reset(&self) {
        for count in &self.0 {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// As a JSON object, with their sum.
    pub(crate) fn to_json(&self) -> String {
        let read = |(count, (_, name)): (&AtomicU64, (Op, &'static str))| (name, count.load(Ordering::Relaxed));
        let all: Vec<(&str, u64)> = self.0.iter().zip(Op::ALL).map(read).collect();
        let total: u64 = all.iter().map(|(_, count)| count).sum();
        let each: Vec<String> = all.iter().map(|(name, count)| format!("\"{name}\":{count}")).collect();
        format!("{{{},\"total\":{total}}}", each.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_counted_by_itself() {
        let counts = Counts::default();
        for (op, _) in Op::ALL {
            counts.note(op);
        }
        counts.note(Op::Read);
        let json = r#"{"lookup":1,"getattr":1,"open":1,"read":2,"readdir":1,"total":6}"#;
        assert_eq!(counts.to_json(), json);
        counts.reset();
        assert!(counts.to_json().contains("\"total\":0"));
        assert_eq!(Op::named("readdir"), Some(Op::Readdir));
        assert_eq!(Op::named("write"), None);
    }
}
