CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  path BLOB NOT NULL UNIQUE,
  segments TEXT NOT NULL,              -- parts of the name, U+001F between them
  special_use INTEGER,
  subscribed INTEGER,
  trouble TEXT,                        -- defect of the mailbox itself
  stamp BLOB,
  settled INTEGER NOT NULL DEFAULT 0,
  as_of INTEGER,                       -- nanoseconds
  uidvalidity INTEGER,
  memory BLOB,
  notes TEXT,                          -- defects met in the last listing
  total INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  pending_headers INTEGER NOT NULL DEFAULT 0,
  pending_previews INTEGER NOT NULL DEFAULT 0,
  missing_since INTEGER                -- nanoseconds
);

CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  mailbox INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
  public_id TEXT NOT NULL,
  base BLOB NOT NULL,
  location BLOB NOT NULL,
  flags INTEGER NOT NULL,
  keywords TEXT NOT NULL,              -- U+001F between them
  uid INTEGER,
  size INTEGER,
  unread INTEGER NOT NULL,
  opened_here INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL,
  reading INTEGER NOT NULL DEFAULT 0,  -- 0 the name, 1 the header, 2 the preview is known
  date INTEGER NOT NULL,               -- seconds; a hint while reading = 0
  received INTEGER,
  from_name TEXT NOT NULL DEFAULT '',
  from_address TEXT NOT NULL DEFAULT '',
  to_line TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  preview TEXT NOT NULL DEFAULT '',
  has_attachments INTEGER NOT NULL DEFAULT 0,
  from_key TEXT NOT NULL DEFAULT '',
  subject_key TEXT NOT NULL DEFAULT '',
  missing_since INTEGER                -- nanoseconds; left out of one complete listing
);
-- The id is a hash of the base name, so it stands for the name and keeps the index small.
CREATE UNIQUE INDEX message_public ON message (public_id, mailbox);
CREATE INDEX message_date ON message (mailbox, date, id);
CREATE INDEX message_unread ON message (mailbox, date, id) WHERE unread = 1;
CREATE INDEX message_pending ON message (mailbox, reading, date, id) WHERE reading < 2;

-- What was removed, for 30 days.
CREATE TABLE tombstone (
  mailbox INTEGER NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
  public_id TEXT NOT NULL,
  removed_at INTEGER NOT NULL,         -- nanoseconds
  PRIMARY KEY (mailbox, public_id)
) WITHOUT ROWID;

CREATE TRIGGER message_added AFTER INSERT ON message BEGIN
  UPDATE mailbox SET total = total + 1, unread = unread + NEW.unread,
    pending_headers = pending_headers + (NEW.reading = 0), pending_previews = pending_previews + (NEW.reading < 2)
  WHERE id = NEW.mailbox;
END;
CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN
  UPDATE mailbox SET total = total - 1, unread = unread - OLD.unread,
    pending_headers = pending_headers - (OLD.reading = 0), pending_previews = pending_previews - (OLD.reading < 2)
  WHERE id = OLD.mailbox;
END;
CREATE TRIGGER message_changed AFTER UPDATE OF unread, reading ON message
WHEN OLD.unread <> NEW.unread OR OLD.reading <> NEW.reading BEGIN
  UPDATE mailbox SET unread = unread + NEW.unread - OLD.unread,
    pending_headers = pending_headers + (NEW.reading = 0) - (OLD.reading = 0),
    pending_previews = pending_previews + (NEW.reading < 2) - (OLD.reading < 2)
  WHERE id = NEW.mailbox;
END;
