-- The uid that the campus portal said owns an account's files, where it is asked.
CREATE TABLE owner (
    account TEXT PRIMARY KEY,
    uid INTEGER NOT NULL
) WITHOUT ROWID;

-- These kept their CAS ticket as it was. Their people sign in anew.
DELETE FROM session WHERE ticket IS NOT NULL;
