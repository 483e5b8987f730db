/// Of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Messages of the old store.
    pub old: u64,
    /// Messages of the new store.
    pub new: u64,
    /// Messages that are in both, wherever.
    pub same: u64,
    /// Of the old store, not in the new.
    pub missing: u64,
    /// Of the old store, in the new with another content.
    pub changed: u64,
    /// Of the new store, not in the old.
    pub extra: u64,
    /// Of those in both, in another mailbox.
    pub moved: u64,
    /// Of those in both, with other flags.
    pub flags: u64,
    /// Messages, mailboxes and stores of either side that cannot be read.
    pub unreadable: u64,
    /// Messages that can be read and are empty, NUL bytes or cut short.
    pub damaged: u64,
}

impl Totals {
    /// Adds those of another account.
    pub fn add(&mut self, other: &Totals) {
        let Totals {
            old,
            new,
            same,
            missing,
            changed,
            extra,
            moved,
            flags,
            unreadable,
            damaged,
        } = other;
        self.old += old;
        self.new += new;
        self.same += same;
        self.missing += missing;
        self.changed += changed;
        self.extra += extra;
        self.moved += moved;
        self.flags += flags;
        self.unreadable += unreadable;
        self.damaged += damaged;
    }

    /// Everything was read, so what is said is all there is to say.
    pub fn is_proved(&self) -> bool {
        self.unreadable == 0
    }

    /// Every message of the old store is in the new, and that is proved.
    pub fn is_fine(&self) -> bool {
        self.is_proved() && self.missing == 0 && self.changed == 0
    }
}
