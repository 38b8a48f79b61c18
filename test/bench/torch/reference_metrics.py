"""Times the reference tools of speech quality on what Resynth's bench gives it, a line of JSON each way.

In: {"metric": "pesq_nb" | "pesq_wb" | "stoi" | "estoi", "reference": FILE, "degraded": FILE, "rounds": N}
Out: {"ms": [...], "value": v}   processor time of each round
"""
import json
import sys
import time

import numpy as np
from pesq import pesq
from pystoi import stoi


def read(path):
    with open(path, "rb") as file:
        return np.frombuffer(file.read(), dtype="<f8")


for line in sys.stdin:
    asked = json.loads(line)
    reference, degraded, rate = read(asked["reference"]), read(asked["degraded"]), asked["sampleRateHz"]
    work = {
        "pesq_nb": lambda: pesq(rate, reference, degraded, "nb"),
        "pesq_wb": lambda: pesq(rate, reference, degraded, "wb"),
        "stoi": lambda: stoi(reference, degraded, rate),
        "estoi": lambda: stoi(reference, degraded, rate, extended=True),
    }[asked["metric"]]
    times = []
    for _ in range(asked["rounds"]):
        begun = time.process_time()
        value = work()
        times.append(1000 * (time.process_time() - begun))
    print(json.dumps({"ms": times, "value": float(value)}), flush=True)
