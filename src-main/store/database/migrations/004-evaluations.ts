/**
 * Evaluations and their rows, one a recording, which come as they are judged; and folders of sounds that somebody else's
 * system made. What was judged, with what and how, is the host's own, kept as it is. Runs and datasets are named by id and
 * may be gone: a result outlives them.
 */
export const evaluations = `
CREATE TABLE evaluations (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  -- Hash of all that its figures follow from: the same again goes on with this one.
  identity TEXT NOT NULL,
  createdMs REAL NOT NULL,
  endedMs REAL,
  state TEXT NOT NULL,
  deletedMs REAL,
  run TEXT,
  about TEXT NOT NULL,
  -- What ended it, and what was reckoned at the end.
  outcome TEXT
) STRICT;
CREATE INDEX evaluations_identity ON evaluations (identity);
CREATE INDEX evaluations_created ON evaluations (createdMs);

CREATE TABLE evaluation_rows (
  evaluation INTEGER NOT NULL REFERENCES evaluations (key) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  item TEXT NOT NULL,
  -- Null until it was judged.
  result TEXT,
  PRIMARY KEY (evaluation, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE external_systems (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL,
  dataset TEXT NOT NULL,
  createdMs REAL NOT NULL,
  matching TEXT NOT NULL
) STRICT;
`;
