/**
 * Listening tests and what listeners answered. The design and the answers of each kind of test are the host's own, kept as
 * they are. Runs are named by id and may be gone: a result outlives what was heard.
 */
export const listening = `
CREATE TABLE listening_tests (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  startedMs REAL NOT NULL,
  endedMs REAL,
  abandoned INTEGER NOT NULL DEFAULT 0,
  deletedMs REAL,
  design TEXT NOT NULL,
  -- Names and presets of the runs as they were at the beginning.
  about TEXT NOT NULL
) STRICT;
CREATE INDEX listening_tests_started ON listening_tests (startedMs);

CREATE TABLE listening_answers (
  test INTEGER NOT NULL REFERENCES listening_tests (key) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (test, place)
) STRICT, WITHOUT ROWID;
`;
