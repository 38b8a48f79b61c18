/**
 * What corpora tell beside speaker, label and words; recordings that are stretches of files; what is left out of the
 * splits; warnings; datasets that come from a list; and what the analysis of recordings measured, by content.
 */
export const corpusFacts = `
ALTER TABLE datasets ADD COLUMN manifest TEXT;
ALTER TABLE datasets ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE datasets ADD COLUMN warned INTEGER NOT NULL DEFAULT 0;

ALTER TABLE recordings ADD COLUMN sex TEXT;
ALTER TABLE recordings ADD COLUMN subset TEXT;
-- The file where it is another than the id.
ALTER TABLE recordings ADD COLUMN source TEXT;
ALTER TABLE recordings ADD COLUMN startSec REAL;
ALTER TABLE recordings ADD COLUMN endSec REAL;
-- Why it is left out of the splits; null where it is in one.
ALTER TABLE recordings ADD COLUMN excluded TEXT;
ALTER TABLE recordings ADD COLUMN warning TEXT;

CREATE TABLE prominent_frequencies (
  contentHash BLOB NOT NULL,
  -- Of the stretch, in seconds; 0 and -1 for the beginning and the end of the file.
  startSec REAL NOT NULL,
  endSec REAL NOT NULL,
  -- Null where the sound has no spectrum: silence.
  frequencyHz REAL,
  PRIMARY KEY (contentHash, startSec, endSec)
) STRICT, WITHOUT ROWID;
`;
