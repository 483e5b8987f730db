-- Outages that are rehearsed with some people.
CREATE TABLE drill (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- JSON: the names of accounts.
    accounts TEXT NOT NULL,
    began INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    by_whom TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX drill_ends ON drill (ends);
