"""Features of papers/002 for a folder of WAV files, as librosa users write them: one JSON line a piece on stdout."""

import json
import os
import sys
import time

# One thread, as the other side has.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import librosa  # noqa: E402
import numpy as np  # noqa: E402

RATE_HZ = 22_050
DURATION_SEC = 0.74
SAMPLES = int(RATE_HZ * DURATION_SEC)
CHECK_ROW = 10


def features(file):
    samples, _ = librosa.load(file, sr=RATE_HZ, duration=DURATION_SEC, mono=True)
    samples = np.pad(samples, (0, max(0, SAMPLES - len(samples))), mode="constant")
    spectrum = librosa.stft(samples, n_fft=512, hop_length=256)[:-1]
    level_db = librosa.amplitude_to_db(np.abs(spectrum))
    lowest, highest = level_db.min(), level_db.max()
    return (level_db - lowest) / (highest - lowest) if highest > lowest else np.zeros_like(level_db)


def main():
    files = json.loads(sys.stdin.readline())
    for file in files[:5]:
        features(file)
    print(json.dumps({"version": librosa.__version__}), flush=True)
    # Each line asks for a piece of the files, [first, end): the pieces of both sides alternate.
    for line in sys.stdin:
        first, end = json.loads(line)
        start, start_cpu = time.perf_counter(), time.process_time()
        total = sum(float(features(file)[CHECK_ROW].mean()) for file in files[first:end])
        answer = {"sec": time.perf_counter() - start, "cpuSec": time.process_time() - start_cpu, "sum": total}
        print(json.dumps(answer), flush=True)


main()
