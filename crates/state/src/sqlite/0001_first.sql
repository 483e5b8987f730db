CREATE TABLE id_key (
    one INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    bytes BLOB NOT NULL CHECK (length(bytes) = 32)
);

CREATE TABLE session (
    -- A hash of the id that the cookie carries.
    key BLOB PRIMARY KEY,
    account TEXT,
    user_agent TEXT,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    -- JSON, not ours.
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_account ON session (account, created);
CREATE INDEX session_expires ON session (expires);

-- Pending +S: opened here, and the spool does not know yet.
CREATE TABLE opened (
    account TEXT NOT NULL,
    message TEXT NOT NULL,
    mailbox BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, message)
) WITHOUT ROWID;

CREATE TABLE preference (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account, key)
) WITHOUT ROWID;
