-- A file in the directory.
CREATE TABLE body (
  id INTEGER PRIMARY KEY,
  name BLOB NOT NULL UNIQUE,
  -- Of the message and of the file, in bytes.
  length INTEGER NOT NULL,
  size INTEGER NOT NULL
) STRICT;

-- A message that has this content. Times in seconds since 1970.
CREATE TABLE message (
  id TEXT PRIMARY KEY,
  body INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  -- When it was opened last; 0 if it never was.
  used INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  opened INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX message_body ON message (body);

-- Which key the files are encrypted under: one row.
CREATE TABLE key (mark BLOB NOT NULL) STRICT;
