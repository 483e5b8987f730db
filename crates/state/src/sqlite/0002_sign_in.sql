-- Who vouched for a session, so that the campus portal can end what it began.
ALTER TABLE session ADD COLUMN issuer TEXT;
ALTER TABLE session ADD COLUMN subject TEXT;
ALTER TABLE session ADD COLUMN sid TEXT;
-- A hash of the CAS ticket.
ALTER TABLE session ADD COLUMN ticket BLOB;
CREATE INDEX session_sid ON session (issuer, sid) WHERE sid IS NOT NULL;
CREATE INDEX session_subject ON session (issuer, subject) WHERE subject IS NOT NULL;
CREATE INDEX session_ticket ON session (ticket) WHERE ticket IS NOT NULL;

-- Sign-ins that were begun here and have not come back from the portal.
CREATE TABLE sign_in (
    -- A hash of what the portal gives back and of what the browser keeps: who has one of them alone finds nothing.
    key BLOB PRIMARY KEY,
    expires INTEGER NOT NULL,
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_expires ON sign_in (expires);

-- Whose an account is at an issuer since the first sign-in: a name that is given to another person opens nothing.
CREATE TABLE pin (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE UNIQUE INDEX pin_account ON pin (issuer, account);

-- Logout tokens that were heard, until they end by themselves.
CREATE TABLE logout_token (
    key BLOB PRIMARY KEY,
    expires INTEGER NOT NULL
) WITHOUT ROWID;

-- Codes for the hours when the portal itself is the outage.
CREATE TABLE break_glass (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    -- argon2id
    hash TEXT NOT NULL,
    made INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    used INTEGER
) WITHOUT ROWID;
CREATE INDEX break_glass_account ON break_glass (account);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    account TEXT,
    detail TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
