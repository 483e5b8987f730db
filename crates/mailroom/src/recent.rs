//! What was read of the index lately, and is still so as long as this desk writes nothing to it.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// What was read longer ago than this, in microseconds, is read again: another process may have written, or another desk of the same
/// account, of which the first was closed while somebody still used it.
const KEPT_US: u64 = 30_000_000;
/// What one account has of each kind.
const MOST: usize = 4;

/// When something was read of the index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// How often this desk had written to the index, before it was read.
    pub(crate) changes: u64,
    /// Microseconds of the clock.
    pub(crate) at_us: u64,
}

/// Answers of one kind, the last ones.
pub(crate) struct Recent<Question, Answer>(Mutex<VecDeque<(Moment, Question, Answer)>>);

impl<Question, Answer> Default for Recent<Question, Answer> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Question: PartialEq, Answer: Clone> Recent<Question, Answer> {
    /// Keeps an answer that was so at that moment.
    pub(crate) fn keep(&self, question: Question, answer: Answer, moment: Moment) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().any(|(since, _, _)| since.changes > moment.changes) {
            return;
        }
        kept.retain(|(since, known, _)| since.is_still(moment) && *known != question);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back((moment, question, answer));
    }

    /// The answer, unless it is too old or the index has changed since.
    pub(crate) fn get(&self, question: &Question, now: Moment) -> Option<Answer> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, _, answer) = kept
            .iter()
            .find(|(since, known, _)| known == question && since.is_still(now))?;
        Some(answer.clone())
    }
}

impl Moment {
    fn is_still(self, now: Self) -> bool {
        self.changes == now.changes && now.at_us.saturating_sub(self.at_us) <= KEPT_US
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn moment(changes: u64, at_us: u64) -> Moment {
        Moment { changes, at_us }
    }

    #[test]
    fn an_answer_counts_until_it_is_old_or_the_index_has_changed() {
        let recent = Recent::default();
        recent.keep("page", 1, moment(7, 1_000));
        for (question, now, answer) in [
            ("page", moment(7, 1_000), Some(1)),
            ("page", moment(7, 1_000 + KEPT_US), Some(1)),
            ("page", moment(7, 1_001 + KEPT_US), None),
            ("page", moment(8, 1_000), None),
            ("another", moment(7, 1_000), None),
        ] {
            assert_eq!(recent.get(&question, now), answer, "{question} {now:?}");
        }
        recent.keep("page", 2, moment(7, 1_001));
        assert_eq!(recent.get(&"page", moment(7, 1_001)), Some(2), "the last one");
    }

    #[test]
    fn few_are_kept() {
        let recent = Recent::default();
        for question in 0..3 * MOST {
            recent.keep(question, question, moment(7, 1_000));
        }
        let known = |question| recent.get(&question, moment(7, 1_000)).is_some();
        assert_eq!((0..3 * MOST).filter(|question| known(*question)).count(), MOST);
        assert!(known(3 * MOST - 1));
    }
}
