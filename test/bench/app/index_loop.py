"""The loop that a researcher writes: each file of a folder hashed, decoded, measured, and put into SQLite.

Usage: index_loop.py FOLDER DATABASE. Prints one JSON object. The folder is read with soundfile, peak and RMS are numpy's,
all rows are one transaction: nothing is done twice and nothing is left out that our index does for a file.
"""

import hashlib
import json
import os
import sqlite3
import sys
import time

import numpy as np
import soundfile


def main(folder: str, database: str) -> None:
    started = time.perf_counter()
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE TABLE recordings (id TEXT PRIMARY KEY, bytes INTEGER, modified REAL, hash TEXT, rate INTEGER,"
        " channels INTEGER, seconds REAL, peak REAL, rms REAL, speaker TEXT, label TEXT)"
    )
    files = 0
    for name in sorted(os.listdir(folder)):
        if not name.lower().endswith(".wav"):
            continue
        path = os.path.join(folder, name)
        stat = os.stat(path)
        with open(path, "rb") as handle:
            digest = hashlib.sha256(handle.read()).hexdigest()
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        peak = float(np.max(np.abs(samples))) if samples.size else 0.0
        rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else 0.0
        parts = name.rsplit(".", 1)[0].split("_")
        label, speaker = (parts[0], parts[1]) if len(parts) == 3 else (None, None)
        connection.execute(
            "INSERT INTO recordings VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (name, stat.st_size, stat.st_mtime, digest, rate, samples.shape[1], len(samples) / rate, peak, rms, speaker, label),
        )
        files += 1
    connection.commit()
    connection.close()
    print(json.dumps({"files": files, "sec": time.perf_counter() - started, "soundfile": soundfile.__version__}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
