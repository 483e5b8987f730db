//! Which path is meant by which number. Numbers are the inodes of the folder that is passed on, so that what is moved there stays what
//! it is here.

use fuser::INodeNo;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// See the module. Paths are below the folder; its own is empty. Nothing is forgotten: a test is short.
#[derive(Debug, Default)]
pub(crate) struct Nodes(Mutex<HashMap<u64, PathBuf>>);

impl Nodes {
    /// `None` for a number that was never given.
    pub(crate) fn path(&self, node: INodeNo) -> Option<PathBuf> {
        if node == INodeNo::ROOT {
            return Some(PathBuf::new());
        }
        let nodes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        nodes.get(&node.0).cloned()
    }

    /// From now on this number means this path.
    pub(crate) fn note(&self, node: u64, path: &Path) {
        let mut nodes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        nodes.insert(node, path.to_owned());
    }
}
