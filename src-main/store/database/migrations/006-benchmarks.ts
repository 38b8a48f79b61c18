/** Benchmarks that are kept: which systems on which recordings. What came of each is among the evaluations. */
export const benchmarks = `
CREATE TABLE benchmarks (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  createdMs REAL NOT NULL,
  changedMs REAL NOT NULL,
  -- The host's own, kept as it is.
  definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
