use crate::helper::is_gone;
use std::{process::Child, time::Duration};

/// Processes that could not be killed, and the key that each worked for.
#[derive(Default)]
pub(crate) struct Left(Vec<(Child, Option<u64>)>);

impl Left {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn len_of(&self, key: u64) -> usize {
        self.0.iter().filter(|(_, whose)| *whose == Some(key)).count()
    }

    pub(crate) fn push(&mut self, child: Child, key: Option<u64>) {
        self.0.push((child, key));
    }

    /// Takes leave of those that have gone after all; whether there were any. Waits for nothing.
    pub(crate) fn reap(&mut self, mut release: impl FnMut(u64)) -> bool {
        let before = self.0.len();
        self.0.retain_mut(|(child, key)| {
            let is_gone = is_gone(child, Duration::ZERO);
            if let (true, Some(key)) = (is_gone, key) {
                release(*key);
            }
            !is_gone
        });
        self.0.len() < before
    }

    #[cfg(test)]
    pub(crate) fn kill(&mut self) {
        self.0.iter_mut().for_each(|(child, _)| child.kill().unwrap());
    }
}
