"""Runs the twins on request: one JSON object a line on standard input, one answer a line on standard output."""

import json
import sys
import time

import numpy as np
import torch

from dynamical import DYNAMICAL
from twins import ConvVae, FragmentVae, GmVae, LstmVae, RealNvp, RvqVae


def build(request):
    torch.set_num_threads(request["threads"])
    torch.manual_seed(request["seed"])
    config, batch = request["config"], request["batch"]
    if request["net"] in DYNAMICAL:
        model = DYNAMICAL[request["net"]]()
        x = torch.rand(config["frames"], batch, config["bins"]) + 0.1
    elif request["net"] == "lstm-vae":
        model = LstmVae(config)
        x = torch.rand(config["frames"], batch, config["bins"]) + 0.1
    elif request["net"] == "asr-fragments":
        bins, frames, fragments = request["shape"]
        model = FragmentVae(config, bins, frames)
        x = torch.rand(batch, bins, fragments * frames)
    elif request["net"] == "realnvp":
        model = RealNvp(config)
        x = torch.rand(batch, 2 * config["base"]["latentDim"])
    else:
        bins, frames = request["shape"]
        model = {"gm-vae": GmVae, "rvq-vae": RvqVae}.get(request["net"], ConvVae)(config, bins, frames)
        x = torch.rand(batch, 1, bins, frames)
    if request.get("channelsLast"):
        model = model.to(memory_format=torch.channels_last)
        x = x.to(memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-4, eps=1e-7)
    return {"model": model, "x": x, "optimiser": optimiser}


def step(twin, x):
    twin["optimiser"].zero_grad()
    total, error = twin["model"](x)
    total.backward()
    twin["optimiser"].step()
    return error


def time_steps(twin, count):
    milliseconds = []
    for _ in range(count):
        start = time.perf_counter()
        step(twin, twin["x"])
        milliseconds.append((time.perf_counter() - start) * 1000)
    return {"ms": milliseconds}


def read_clips(file, shape):
    return torch.from_numpy(np.fromfile(file, dtype="<f4").reshape(-1, 1, *shape))


def train(request):
    """Trains a fresh twin on given clips in a given order, as the quality section does ours; gives its MSE."""
    twin = build(request)
    clips, validation = (read_clips(request[key], request["shape"]) for key in ("train", "validation"))
    order = np.fromfile(request["order"], dtype="<i4").reshape(-1, request["batch"])
    training_errors = []
    for index, rows in enumerate(order):
        rate = request["learningRates"][index]
        for group in twin["optimiser"].param_groups:
            group["lr"] = rate
        training_errors.append(step(twin, clips[torch.from_numpy(rows.astype(np.int64))]).item())
    twin["model"].eval()
    with torch.no_grad():
        errors = [twin["model"](clip[None], sample=False)[1].item() for clip in validation]
    last = training_errors[-request["lastSteps"] :]
    return {"mse": sum(errors) / len(errors), "trainingMse": sum(last) / len(last)}


def main():
    twins = {}
    for line in sys.stdin:
        request = json.loads(line)
        operation = request["op"]
        if operation == "build":
            twins[request["name"]] = twin = build(request)
            parameters = twin["model"].parameters()
            count = sum(parameter.numel() for parameter in parameters if parameter.requires_grad)
            answer = {"parameters": count, "version": torch.__version__}
        elif operation == "steps":
            answer = time_steps(twins[request["name"]], request["count"])
        elif operation == "train":
            answer = train(request)
        else:
            raise ValueError(f"unknown operation {operation}")
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
