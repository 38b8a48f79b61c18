/**
 * The first format.
 *
 * Recordings of one collection (a dataset, or a scan that has not ended) have row keys that follow one another, so that
 * going through all of them reads the table from end to end. A scan writes into a collection of its own, which nothing
 * shows: killed at any moment, it leaves the dataset as it was.
 */
export const first = `
CREATE TABLE collections (key INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;

CREATE TABLE datasets (
  collection INTEGER PRIMARY KEY REFERENCES collections (key),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  layout TEXT NOT NULL,
  layoutNote TEXT NOT NULL,
  splitNote TEXT NOT NULL,
  splitRule TEXT NOT NULL,
  splitSeed INTEGER NOT NULL,
  splitValidation REAL NOT NULL,
  splitTest REAL NOT NULL,
  splitHash TEXT NOT NULL,
  createdMs REAL NOT NULL,
  scannedMs REAL NOT NULL,
  removedMs REAL,
  revision INTEGER NOT NULL,
  recordings INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  silent INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  durationSec REAL NOT NULL,
  train INTEGER NOT NULL,
  validation INTEGER NOT NULL,
  test INTEGER NOT NULL,
  speakers TEXT NOT NULL,
  labels TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX datasets_id ON datasets (id) WHERE removedMs IS NULL;
CREATE UNIQUE INDEX datasets_name ON datasets (name) WHERE removedMs IS NULL;

CREATE TABLE scans (
  collection INTEGER PRIMARY KEY REFERENCES collections (key),
  folder TEXT NOT NULL,
  -- The collection of the dataset that is read again; null for a new one.
  base INTEGER,
  startedMs REAL NOT NULL
) STRICT;

CREATE TABLE recordings (
  -- collection * 2^32 + a number.
  rowKey INTEGER PRIMARY KEY,
  collection INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  modifiedMs REAL NOT NULL,
  sampleRateHz REAL NOT NULL,
  channels INTEGER NOT NULL,
  durationSec REAL NOT NULL,
  peak REAL NOT NULL,
  rms REAL NOT NULL,
  -- 0 train, 1 validation, 2 test: what holds, and what the corpus says.
  split INTEGER NOT NULL,
  corpusSplit INTEGER NOT NULL,
  speaker TEXT,
  label TEXT,
  id TEXT NOT NULL,
  contentHash BLOB NOT NULL,
  transcript TEXT
) STRICT;
CREATE UNIQUE INDEX recordings_id ON recordings (collection, id);

CREATE VIRTUAL TABLE recordings_fts USING fts5 (
  id, speaker, label, transcript,
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER recordings_inserted AFTER INSERT ON recordings BEGIN
  INSERT INTO recordings_fts (rowid, id, speaker, label, transcript)
  VALUES (new.rowKey, new.id, new.speaker, new.label, new.transcript);
END;
CREATE TRIGGER recordings_deleted AFTER DELETE ON recordings BEGIN
  DELETE FROM recordings_fts WHERE rowid = old.rowKey;
END;
CREATE TRIGGER recordings_reworded AFTER UPDATE OF id, speaker, label, transcript ON recordings
WHEN old.id IS NOT new.id OR old.speaker IS NOT new.speaker
  OR old.label IS NOT new.label OR old.transcript IS NOT new.transcript
BEGIN
  DELETE FROM recordings_fts WHERE rowid = old.rowKey;
  INSERT INTO recordings_fts (rowid, id, speaker, label, transcript)
  VALUES (new.rowKey, new.id, new.speaker, new.label, new.transcript);
END;

CREATE TABLE skipped (
  collection INTEGER NOT NULL,
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  remedy TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  preset TEXT NOT NULL,
  dataset TEXT NOT NULL,
  createdMs REAL NOT NULL,
  updatedMs REAL NOT NULL,
  step INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  bestValue REAL,
  queuePlace INTEGER,
  summary TEXT NOT NULL,
  notes TEXT NOT NULL DEFAULT '',
  colour TEXT,
  deletedMs REAL,
  -- The byte of metrics.jsonl up to which its rows are here.
  metricsBytes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE run_tags (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE segments (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  segment INTEGER NOT NULL,
  beganStep INTEGER NOT NULL,
  PRIMARY KEY (run, segment)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  split TEXT NOT NULL,
  metric TEXT NOT NULL,
  UNIQUE (run, split, metric)
) STRICT;

CREATE TABLE metrics (
  series INTEGER NOT NULL REFERENCES series (key) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  wallMs REAL NOT NULL,
  processMs REAL NOT NULL,
  -- Null where it is NaN, which SQLite does not keep; infinities are kept as they are.
  value REAL,
  PRIMARY KEY (series, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE clips (
  run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  mse TEXT NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  startedMs REAL NOT NULL,
  endedMs REAL,
  job TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_started ON jobs (startedMs);

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
