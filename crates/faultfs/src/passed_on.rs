//! The folder, passed on. Each question is answered on a thread of its own, so that one without an answer keeps no other from its own.

use crate::{
    attributes::{attributes, nothing},
    counts::Op,
    faults::Faults,
    nodes::Nodes,
};
use fuser::{
    Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, LockOwner, OpenFlags,
    ReplyAttr, ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, Request,
};
use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    fs::{self, File},
    io,
    os::unix::fs::{DirEntryExt, FileExt, MetadataExt},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

/// What is open.
enum Handle {
    File(File),
    /// As it was when reading it began.
    Directory(Vec<(u64, FileType, OsString)>),
}

/// See the module.
#[derive(Clone)]
pub(crate) struct PassedOn(Arc<Inner>);

struct Inner {
    backing: PathBuf,
    faults: Arc<Faults>,
    nodes: Nodes,
    handles: Mutex<HashMap<u64, Arc<Mutex<Handle>>>>,
    next: AtomicU64,
}

impl PassedOn {
    /// # Errors
    /// If the folder is not there.
    pub(crate) fn new(backing: PathBuf, faults: Arc<Faults>) -> io::Result<Self> {
        Ok(Self(Arc::new(Inner {
            backing: backing.canonicalize()?,
            faults,
            nodes: Nodes::default(),
            handles: Mutex::default(),
            next: AtomicU64::new(1),
        })))
    }

    fn apart(&self, answer: impl FnOnce(&Inner) + Send + 'static) {
        let inner = Arc::clone(&self.0);
        thread::spawn(move || answer(&inner));
    }
}

impl Inner {
    /// The path below the folder, once the question may be answered.
    fn passed(&self, op: Op, node: INodeNo, name: Option<&OsStr>) -> Result<PathBuf, Errno> {
        let mut path = self.nodes.path(node).ok_or(Errno::ESTALE)?;
        path.extend(name);
        self.faults.pass(op, &path).map_err(Errno::from_i32)?;
        Ok(path)
    }

    fn at(&self, path: &Path) -> PathBuf {
        self.backing.join(path)
    }

    fn lookup(&self, parent: INodeNo, name: &OsStr) -> Result<FileAttr, Errno> {
        let path = self.passed(Op::Lookup, parent, Some(name))?;
        let found = fs::symlink_metadata(self.at(&path)).map_err(Errno::from)?;
        self.nodes.note(found.ino(), &path);
        Ok(attributes(INodeNo(found.ino()), &found, self.faults.times()))
    }

    fn getattr(&self, node: INodeNo) -> Result<FileAttr, Errno> {
        let path = self.passed(Op::Getattr, node, None)?;
        let found = fs::symlink_metadata(self.at(&path)).map_err(Errno::from)?;
        // Moved or replaced since, as a server says it of a handle that leads nowhere.
        if node != INodeNo::ROOT && found.ino() != node.0 {
            return Err(Errno::ESTALE);
        }
        Ok(attributes(node, &found, self.faults.times()))
    }

    fn open(&self, node: INodeNo) -> Result<u64, Errno> {
        let path = self.passed(Op::Open, node, None)?;
        let file = File::open(self.at(&path)).map_err(Errno::from)?;
        Ok(self.keep(Handle::File(file)))
    }

    fn opendir(&self, node: INodeNo) -> Result<u64, Errno> {
        self.passed(Op::Open, node, None)?;
        Ok(self.keep(Handle::Directory(Vec::new())))
    }

    fn keep(&self, handle: Handle) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut handles = self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        handles.insert(number, Arc::new(Mutex::new(handle)));
        number
    }

    fn handle(&self, number: FileHandle) -> Result<Arc<Mutex<Handle>>, Errno> {
        let handles = self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        handles.get(&number.0).cloned().ok_or(Errno::EBADF)
    }

    fn close(&self, number: FileHandle) {
        let mut handles = self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        handles.remove(&number.0);
    }

    fn read(&self, node: INodeNo, handle: FileHandle, offset: u64, size: u32) -> Result<Vec<u8>, Errno> {
        self.passed(Op::Read, node, None)?;
        let handle = self.handle(handle)?;
        let handle = handle.lock().unwrap_or_else(PoisonError::into_inner);
        let Handle::File(file) = &*handle else {
            return Err(Errno::EISDIR);
        };
        let mut bytes = vec![0; size as usize];
        let mut filled = 0;
        // The kernel takes a short answer for the end.
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, offset + filled as u64).map_err(Errno::from)? {
                0 => break,
                got => filled += got,
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    fn readdir(&self, node: INodeNo, handle: FileHandle, offset: u64, reply: &mut ReplyDirectory) -> Result<(), Errno> {
        let path = self.passed(Op::Readdir, node, None)?;
        let handle = self.handle(handle)?;
        let mut handle = handle.lock().unwrap_or_else(PoisonError::into_inner);
        let Handle::Directory(entries) = &mut *handle else {
            return Err(Errno::ENOTDIR);
        };
        if offset == 0 {
            *entries = listed(&self.at(&path), node).map_err(Errno::from)?;
        }
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        for (at, (node, kind, name)) in entries.iter().enumerate().skip(from) {
            if reply.add(INodeNo(*node), at as u64 + 1, *kind, name) {
                break;
            }
        }
        Ok(())
    }
}

impl Filesystem for PassedOn {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let name = name.to_owned();
        self.apart(move |inner| {
            let remembered = inner.faults.remembered();
            match inner.lookup(parent, &name) {
                Ok(found) => reply.entry(&remembered, &found, Generation(0)),
                // Number nought: that nothing is there may be remembered too.
                Err(errno) if errno.code() == Errno::ENOENT.code() && !remembered.is_zero() => {
                    reply.entry(&remembered, &nothing(), Generation(0));
                }
                Err(errno) => reply.error(errno),
            }
        });
    }

    fn getattr(&self, _: &Request, node: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        self.apart(move |inner| match inner.getattr(node) {
            Ok(found) => reply.attr(&inner.faults.remembered(), &found),
            Err(errno) => reply.error(errno),
        });
    }

    fn readlink(&self, _: &Request, node: INodeNo, reply: ReplyData) {
        self.apart(move |inner| {
            let read = inner.passed(Op::Read, node, None);
            match read.and_then(|path| fs::read_link(inner.at(&path)).map_err(Errno::from)) {
                Ok(to) => reply.data(to.as_os_str().as_encoded_bytes()),
                Err(errno) => reply.error(errno),
            }
        });
    }

    fn open(&self, _: &Request, node: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        self.apart(move |inner| match inner.open(node) {
            Ok(handle) => reply.opened(FileHandle(handle), FopenFlags::empty()),
            Err(errno) => reply.error(errno),
        });
    }

    fn read(
        &self,
        _: &Request,
        node: INodeNo,
        handle: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        self.apart(move |inner| match inner.read(node, handle, offset, size) {
            Ok(bytes) => reply.data(&bytes),
            Err(errno) => reply.error(errno),
        });
    }

    fn release(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        self.0.close(handle);
        reply.ok();
    }

    fn opendir(&self, _: &Request, node: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        self.apart(move |inner| match inner.opendir(node) {
            Ok(handle) => reply.opened(FileHandle(handle), FopenFlags::empty()),
            Err(errno) => reply.error(errno),
        });
    }

    fn readdir(&self, _: &Request, node: INodeNo, handle: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        self.apart(move |inner| match inner.readdir(node, handle, offset, &mut reply) {
            Ok(()) => reply.ok(),
            Err(errno) => reply.error(errno),
        });
    }

    fn releasedir(&self, _: &Request, _: INodeNo, handle: FileHandle, _: OpenFlags, reply: ReplyEmpty) {
        self.0.close(handle);
        reply.ok();
    }
}

fn listed(folder: &Path, node: INodeNo) -> io::Result<Vec<(u64, FileType, OsString)>> {
    let mut entries = vec![
        (node.0, FileType::Directory, ".".into()),
        (node.0, FileType::Directory, "..".into()),
    ];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = FileType::from_std(entry.file_type()?).unwrap_or(FileType::RegularFile);
        entries.push((entry.ino(), kind, entry.file_name()));
    }
    Ok(entries)
}
