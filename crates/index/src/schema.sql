-- What is remembered of one account's mail. Everything here can be found again in the spool.

CREATE TABLE mailbox (
    -- Ids are never used again: whoever still holds one of a mailbox or message that is gone must not hit another.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    path BLOB NOT NULL UNIQUE,
    segments BLOB NOT NULL,
    special_use INTEGER,
    subscribed INTEGER,
    defect TEXT,
    listing_defect TEXT,
    stamp BLOB,
    settled INTEGER NOT NULL DEFAULT 0,
    as_of INTEGER,
    uidvalidity INTEGER,
    missing_since INTEGER,
    -- Counts the listings that changed something.
    revision INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    pending_headers INTEGER NOT NULL DEFAULT 0,
    pending_previews INTEGER NOT NULL DEFAULT 0,
    -- Messages of a listing that is being written: still to come, the unread among them, and the first of the rows kept for them.
    -- All others count what is there.
    coming INTEGER NOT NULL DEFAULT 0,
    coming_unread INTEGER NOT NULL DEFAULT 0,
    coming_id INTEGER NOT NULL DEFAULT 0
);

-- Beside the mailbox, not in it: it may be large, and the counts change often.
CREATE TABLE memory (mailbox INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

CREATE TABLE message (
    -- A listing gives the newest the highest: search takes the last of what very many messages have (`search.rs`).
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    base BLOB NOT NULL,
    location BLOB NOT NULL,
    -- Short hash of all that a listing says of a message, so that a listing is compared by reading one index.
    mark INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    unread INTEGER NOT NULL AS ((flags & 1) = 0 AND opened = 0) VIRTUAL,
    keywords BLOB,
    uid INTEGER,
    listed_size INTEGER,
    -- As the message itself has it, where that is not what the listing says.
    size INTEGER,
    -- 0: the name is known; 1: the header has been read; 2: the text too.
    stage INTEGER NOT NULL,
    date INTEGER NOT NULL,
    received INTEGER,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    to_line TEXT NOT NULL,
    -- What search finds besides.
    also TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- The subject's character that follows marks of replies, from 1: what a list of subjects is sorted by begins there.
    subject_from INTEGER NOT NULL,
    -- Only where they are not simply the column (from there) in small letters (ASCII).
    from_key TEXT,
    subject_key TEXT,
    preview TEXT NOT NULL,
    has_attachments INTEGER NOT NULL,
    is_html INTEGER NOT NULL,
    -- Which file the header was read of, in short: another may come to have the name.
    file INTEGER,
    -- Why the header or the text could not be read; the caller's code. How often in a row, and when it is tried again, in seconds.
    trouble INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    again INTEGER,
    missing_since INTEGER,
    gone INTEGER
);

CREATE INDEX message_name ON message (mailbox, public_id, mark);
CREATE INDEX message_date ON message (mailbox, date) WHERE gone IS NULL;
CREATE INDEX message_unread ON message (mailbox, date) WHERE gone IS NULL AND unread = 1;
-- Those of the other orders are made when somebody asks for one (`asked.rs`).
CREATE INDEX message_headers ON message (mailbox, date) WHERE gone IS NULL AND stage = 0 AND trouble IS NULL;
CREATE INDEX message_previews ON message (mailbox, date) WHERE gone IS NULL AND stage = 1 AND trouble IS NULL;
CREATE INDEX message_troubled ON message (mailbox, again) WHERE gone IS NULL AND trouble IS NOT NULL;
CREATE INDEX message_missing ON message (mailbox) WHERE missing_since IS NOT NULL;

-- Pieces of the words of headers (`search/tokens.rs`), by the row of the message.
CREATE VIRTUAL TABLE search USING fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
-- What is written once by thousands is merged seldom; `compact` does the rest.
INSERT INTO search (search, rank) VALUES ('automerge', 16);

CREATE TRIGGER message_added AFTER INSERT ON message WHEN NEW.gone IS NULL BEGIN
    UPDATE mailbox SET
        total = total + 1,
        unread = unread + NEW.unread,
        pending_headers = pending_headers + (NEW.stage = 0 AND NEW.trouble IS NULL),
        pending_previews = pending_previews + (NEW.stage = 1 AND NEW.trouble IS NULL)
    WHERE id = NEW.mailbox;
END;

CREATE TRIGGER message_changed AFTER UPDATE OF flags, opened, stage, trouble, gone ON message
WHEN OLD.unread <> NEW.unread OR OLD.stage <> NEW.stage OR (OLD.gone IS NULL) <> (NEW.gone IS NULL)
    OR (OLD.trouble IS NULL) <> (NEW.trouble IS NULL) BEGIN
    UPDATE mailbox SET
        total = total + (NEW.gone IS NULL) - (OLD.gone IS NULL),
        unread = unread + (NEW.gone IS NULL AND NEW.unread) - (OLD.gone IS NULL AND OLD.unread),
        pending_headers = pending_headers + (NEW.gone IS NULL AND NEW.stage = 0 AND NEW.trouble IS NULL)
            - (OLD.gone IS NULL AND OLD.stage = 0 AND OLD.trouble IS NULL),
        pending_previews = pending_previews + (NEW.gone IS NULL AND NEW.stage = 1 AND NEW.trouble IS NULL)
            - (OLD.gone IS NULL AND OLD.stage = 1 AND OLD.trouble IS NULL)
    WHERE id = NEW.mailbox;
END;

CREATE TRIGGER message_deleted AFTER DELETE ON message BEGIN
    DELETE FROM search WHERE rowid = OLD.id;
    UPDATE mailbox SET
        total = total - (OLD.gone IS NULL),
        unread = unread - (OLD.gone IS NULL AND OLD.unread),
        pending_headers = pending_headers - (OLD.gone IS NULL AND OLD.stage = 0 AND OLD.trouble IS NULL),
        pending_previews = pending_previews - (OLD.gone IS NULL AND OLD.stage = 1 AND OLD.trouble IS NULL)
    WHERE id = OLD.mailbox;
END;
