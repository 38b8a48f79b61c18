"""soundfile and librosa in a loop, as in a notebook: one JSON line a request on stdout."""

import json
import os
import sys
import time

# One thread, as a loop in a notebook mostly has; the other side's single-threaded rows compare with this alike.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import librosa  # noqa: E402
import numpy as np  # noqa: E402
import soundfile  # noqa: E402


def features(kind, file):
    samples, rate = soundfile.read(file, dtype="float32")
    if kind == "stft":
        return librosa.stft(samples)
    if kind == "mel":
        return librosa.feature.melspectrogram(y=samples, sr=rate)
    return librosa.feature.mfcc(y=samples, sr=rate)


def main():
    for kind in ("stft", "mel", "mfcc"):
        features(kind, sys.argv[1])
    print(json.dumps({"version": librosa.__version__, "soundfile": soundfile.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        start, start_cpu = time.perf_counter(), time.process_time()
        total, frames = 0.0, 0
        for file in request["files"]:
            values = features(request["kind"], file)
            # The real part of bin 1 is what the other side's third number is.
            row = values[1].real if request["kind"] == "stft" else values[2]
            total += float(np.abs(row).sum())
            frames += values.shape[1]
        answer = {
            "sec": time.perf_counter() - start,
            "cpuSec": time.process_time() - start_cpu,
            "sum": total,
            "frames": frames,
        }
        print(json.dumps(answer), flush=True)


main()
