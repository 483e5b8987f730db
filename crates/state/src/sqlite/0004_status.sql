-- What is left of the days of a service on the status page: seconds in each state.
CREATE TABLE probe_day (
    target TEXT NOT NULL,
    -- Calendar days since 1970-01-01 where the site is.
    day INTEGER NOT NULL,
    good INTEGER NOT NULL,
    slow INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    PRIMARY KEY (target, day)
) WITHOUT ROWID;
CREATE INDEX probe_day_day ON probe_day (day);

-- What the staff tell everybody.
CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    opened INTEGER NOT NULL,
    closed INTEGER,
    severity TEXT NOT NULL,
    -- JSON: the names of services.
    affects TEXT NOT NULL,
    scheduled_from INTEGER,
    scheduled_until INTEGER
) WITHOUT ROWID;
CREATE INDEX incident_closed ON incident (closed);

CREATE TABLE incident_update (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    incident TEXT NOT NULL REFERENCES incident (id),
    at INTEGER NOT NULL,
    text_ja TEXT NOT NULL,
    text_en TEXT NOT NULL,
    by_whom TEXT NOT NULL
);
CREATE INDEX incident_update_incident ON incident_update (incident);
