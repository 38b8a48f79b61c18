"""PyTorch twins of the benchmarked nets, written as a PyTorch user would: the yardstick for `npm run bench`.

Same layers, losses and optimiser as ours. Padding is PyTorch's own: at stride 2 it is our paddingSide 'start', and the
same work as 'end' without an extra copy.
"""

import math

import torch
from torch import nn
import torch.nn.functional as F


def pair(size):
    return (size, size) if isinstance(size, int) else tuple(size)


def glorot(module):
    """Keras's defaults: Glorot uniform kernels, zero biases."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


def norm(channels, config):
    # PyTorch's momentum is the share of the new value: 0.01 here is Keras's 0.99.
    return nn.BatchNorm2d(channels, eps=config["batchNormEpsilon"], momentum=1 - config["batchNormMomentum"])


def kl_to_standard_normal(mean, log_var):
    return 0.5 * (log_var.exp() + mean.square() - 1 - log_var)


class ConvVae(nn.Module):
    """Twin of families/conv-vae with decoder 'mirror-plus-output': x [batch, 1, bins, frames]."""

    def __init__(self, config, bins, frames):
        super().__init__()
        filters, latent = config["filters"], config["latentDim"]
        strides = [pair(stride) for stride in config["strides"]]
        kernels = [pair(kernel) for kernel in config["kernels"]]
        encoder, channels, size = [], 1, (bins, frames)
        for out, kernel, stride in zip(filters, kernels, strides):
            padding = tuple(k // 2 for k in kernel)
            encoder += [nn.Conv2d(channels, out, kernel, stride, padding), nn.ReLU(), norm(out, config)]
            channels, size = out, tuple(s // t for s, t in zip(size, stride))
        self.encoder = nn.Sequential(*encoder)
        self.bottleneck = (channels, *size)
        flat = channels * size[0] * size[1]
        self.mean, self.log_var = nn.Linear(flat, latent), nn.Linear(flat, latent)
        self.dense = nn.Linear(latent, flat)
        decoder = []
        for out, kernel, stride in zip(reversed(filters), reversed(kernels), reversed(strides)):
            padding = tuple(k // 2 for k in kernel)
            extra = tuple(s - 1 for s in stride)
            decoder += [nn.ConvTranspose2d(channels, out, kernel, stride, padding, extra), nn.ReLU(), norm(out, config)]
            channels = out
        decoder += [nn.Conv2d(channels, 1, kernels[0], 1, tuple(k // 2 for k in kernels[0])), nn.Sigmoid()]
        self.decoder = nn.Sequential(*decoder)
        self.weight = config["reconstructionWeight"]
        self.apply(glorot)

    def forward(self, x, sample=True):
        hidden = self.encoder(x).flatten(1)
        mean, log_var = self.mean(hidden), self.log_var(hidden)
        z = mean + torch.exp(log_var / 2) * torch.randn_like(mean) if sample else mean
        output = self.decoder(self.dense(z).unflatten(1, self.bottleneck))
        mse = F.mse_loss(output, x)
        kl = kl_to_standard_normal(mean, log_var).sum(1).mean()
        return self.weight * mse + kl, mse


class FragmentVae(nn.Module):
    """Twin of families/asr-fragments: windows x [batch, bins, fragments * frames], each fragment by itself."""

    def __init__(self, config, bins, frames):
        super().__init__()
        filters, kernel, stride, latent = (config[key] for key in ("filters", "kernel", "stride", "latentDim"))
        self.bins, self.frames, self.pooling, self.error = bins, frames, config["pooling"], config["reconstruction"]
        padding = (kernel - stride) // 2
        sizes = list(zip([1, *filters], filters))
        encoder, decoder = [], []
        for inputs, outputs in sizes:
            encoder += [nn.Conv2d(inputs, outputs, kernel, stride, padding), nn.ReLU()]
            decoder = [nn.ConvTranspose2d(outputs, inputs, kernel, stride, padding), nn.ReLU(), *decoder]
        self.encoder, self.decoder = nn.Sequential(*encoder), nn.Sequential(*decoder[:-1])
        shrunk = stride ** len(filters)
        self.image = (filters[-1], bins // shrunk, frames // shrunk)
        flat = filters[-1] * self.image[1] * self.image[2]
        pooled = {"global": filters[-1], "time": filters[-1] * self.image[1], "none": flat}[self.pooling]
        self.mean, self.log_var = nn.Linear(pooled, latent), nn.Linear(pooled, latent)
        self.dense = nn.Linear(latent, flat)
        self.straight = config["straightPath"]
        if self.straight:
            self.straight_in, self.straight_out = nn.Linear(bins * frames, latent), nn.Linear(latent, bins * frames)
        self.weight = config["reconstructionWeight"]
        self.apply(glorot)

    def forward(self, windows, sample=True):
        x = windows.unflatten(2, (-1, self.frames)).transpose(1, 2).reshape(-1, 1, self.bins, self.frames)
        hidden = self.encoder(x)
        if self.pooling != "none":
            hidden = hidden.mean((2, 3) if self.pooling == "global" else 3)
        mean, log_var = self.mean(hidden.flatten(1)), self.log_var(hidden.flatten(1))
        if self.straight:
            mean = mean + self.straight_in(x.flatten(1) - 0.5)
        z = mean + torch.exp(log_var / 2) * torch.randn_like(mean) if sample else mean
        output = self.decoder(self.dense(z).relu().unflatten(1, self.image))
        output = output + self.straight_out(z).view_as(output) if self.straight else output.sigmoid()
        error = (output - x).square()
        charge = error.mean() if self.error == "mse" else (error.mean((1, 2)) + 1e-9).sqrt().mean()
        return self.weight * charge + kl_to_standard_normal(mean, log_var).sum(1).mean(), error.mean()


class GmVae(ConvVae):
    """Twin of families/gm-vae with kl 'monte-carlo', one draw, a Gaussian of learned width, learning 'em'."""

    def __init__(self, config, bins, frames):
        super().__init__({**config, "reconstructionWeight": 1}, bins, frames)
        self.log_scale = nn.Parameter(torch.tensor(config["scale"]).log())
        components, latent = config["components"], config["latentDim"]
        self.memory, self.revive_below = config["memory"], config["reviveBelow"] / components
        self.register_buffer("shares", torch.full((components,), 1 / components))
        self.register_buffer("means", (2 * torch.rand(components, latent) - 1) * config["componentSpread"])
        self.register_buffer("variances", torch.ones(components, latent))

    @torch.no_grad()
    def follow(self, mean, log_var):
        distance = (mean[:, None] - self.means) ** 2
        terms = 0.5 * ((distance + log_var.exp()[:, None]) / self.variances + self.variances.log() - log_var[:, None] - 1)
        weights = (self.shares.log() - terms.sum(2)).softmax(1) / len(mean)
        found = weights.sum(0)
        offset = mean[:, None] - self.means
        shares = self.memory * self.shares + (1 - self.memory) * found
        gain = ((1 - self.memory) / shares)[:, None]
        shift = gain * (weights[..., None] * offset).sum(0)
        second = (weights[..., None] * (offset**2 + log_var.exp()[:, None])).sum(0)
        variances = (self.variances + gain * (second - found[:, None] * self.variances) - shift**2).clamp(min=1e-6)
        dead = shares < self.revive_below
        usual = (shares[:, None] * variances).sum(0)
        picked = mean[torch.randint(len(mean), (len(dead),))]
        shares = torch.where(dead, torch.full_like(shares, 1 / len(dead)), shares)
        # New tensors: the gradients still need the old ones.
        self.means = torch.where(dead[:, None], picked, self.means + shift)
        self.variances = torch.where(dead[:, None], usual, variances)
        self.shares = shares / shares.sum()

    def forward(self, x, sample=True):
        hidden = self.encoder(x).flatten(1)
        mean, log_var = self.mean(hidden), self.log_var(hidden)
        eps = torch.randn_like(mean) if sample else torch.zeros_like(mean)
        z = mean + torch.exp(log_var / 2) * eps
        output = self.decoder(self.dense(z).unflatten(1, self.bottleneck))
        errors = (output - x).square().sum((1, 2, 3))
        numbers = x[0].numel()
        nll = 0.5 * errors * torch.exp(-2 * self.log_scale) + numbers * (self.log_scale + 0.5 * math.log(2 * math.pi))
        terms = 0.5 * (
            (z[:, None] - self.means) ** 2 / self.variances + self.variances.log() - log_var[:, None] - (eps**2)[:, None]
        )
        kl = -torch.logsumexp(self.shares.log() - terms.sum(2), 1)
        if self.training:
            self.follow(mean, log_var)
        return (nll + kl).mean(), errors.mean() / numbers


class LstmLoop(nn.Module):
    """An LSTM as a loop over nn.LSTMCell: what a recurrence costs that has no fused kernel."""

    def __init__(self, inputs, units):
        super().__init__()
        self.cell = nn.LSTMCell(inputs, units)

    def forward(self, xs):
        state, outputs = None, []
        for x in xs:
            state = self.cell(x, state)
            outputs.append(state[0])
        return torch.stack(outputs), state


class LstmVae(nn.Module):
    """Twin of test/bench/lstm-vae.ts: power spectra x [frames, batch, bins], one latent a frame, Itakura-Saito loss."""

    def __init__(self, config):
        super().__init__()
        bins, units, latent = config["bins"], config["units"], config["latentDim"]
        lstm = nn.LSTM if config["recurrence"] == "fused" else LstmLoop
        self.encoder = lstm(bins, units)
        self.mean, self.log_var = nn.Linear(units, latent), nn.Linear(units, latent)
        self.decoder = lstm(latent, units)
        self.output = nn.Linear(units, bins)

    def forward(self, x):
        hidden, _ = self.encoder(x)
        mean, log_var = self.mean(hidden), self.log_var(hidden)
        z = mean + torch.exp(log_var / 2) * torch.randn_like(mean)
        log_power = self.output(self.decoder(z)[0])
        ratio = x / log_power.exp()
        reconstruction = (ratio - ratio.log() - 1).sum(2).mean()
        return reconstruction + kl_to_standard_normal(mean, log_var).sum(2).mean(), reconstruction


class ActNorm(nn.Module):
    """Normalises by its first batch, then learns an affine function a channel."""

    def __init__(self, size):
        super().__init__()
        self.register_buffer("seen", torch.zeros(()))
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))
        self.shift, self.log_scale = nn.Parameter(torch.zeros(size)), nn.Parameter(torch.zeros(size))

    def forward(self, x):
        if not self.seen:
            self.mean, self.deviation = x.mean(0).detach(), x.std(0, unbiased=False).detach().clamp_min(1e-6)
            self.seen = torch.ones(())
        log_scale = self.log_scale - self.deviation.log()
        return (x - self.mean) * log_scale.exp() + self.shift, log_scale.sum()


class Coupling(nn.Module):
    """Affine coupling of a vector: a mask that leaves every other number, or the channels cut in halves."""

    def __init__(self, size, config, kind, odd):
        super().__init__()
        self.kind, self.odd, self.cut = kind, odd, size // 2
        kept, changed = (size, size) if kind == "checkerboard" else (self.cut, size - self.cut)
        if kind == "channel" and odd:
            kept, changed = changed, kept
        self.register_buffer("mask", (torch.arange(size) % 2 == int(odd)).float())
        self.enter = nn.Linear(kept, config["hidden"])
        self.blocks = nn.ModuleList(
            nn.Linear(config["hidden"], config["hidden"]) for _ in range(config["residualBlocks"])
        )
        self.leave = nn.Linear(config["hidden"], 2 * changed)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def net(self, x):
        hidden = self.enter(x)
        for block in self.blocks:
            hidden = hidden + block(F.relu(hidden))
        raw, shift = self.leave(F.relu(hidden)).chunk(2, 1)
        return 2 * torch.tanh(raw / 2), shift

    def forward(self, x):
        if self.kind == "checkerboard":
            scale, shift = self.net(x * self.mask)
            scale, shift = scale * (1 - self.mask), shift * (1 - self.mask)
            return x * scale.exp() + shift, scale.sum(1)
        first, second = x[:, : self.cut], x[:, self.cut :]
        kept, changed = (second, first) if self.odd else (first, second)
        scale, shift = self.net(kept)
        changed = changed * scale.exp() + shift
        return torch.cat([changed, kept] if self.odd else [kept, changed], 1), scale.sum(1)


class RealNvp(nn.Module):
    """Twin of families/realnvp on codes drawn from posteriors that were encoded before, as our trainer does: x [batch, 2 * latent]."""

    def __init__(self, config):
        super().__init__()
        self.size, self.width = config["base"]["latentDim"], config["dequantisationWidth"]
        self.register_buffer("mean", torch.zeros(self.size))
        self.register_buffer("deviation", torch.ones(self.size))
        self.register_buffer("seen", torch.zeros(()))
        layers = []
        for _ in range(config["blocks"]):
            for kind in ("checkerboard", "channel"):
                for at in range(config["couplings"]):
                    layers += [ActNorm(self.size), Coupling(self.size, config, kind, at % 2 == 1)]
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        with torch.no_grad():
            mean, log_var = x.chunk(2, 1)
            z = mean + torch.exp(log_var / 2) * torch.randn_like(mean)
            if not self.seen:
                self.mean, self.deviation = z.mean(0), z.std(0, unbiased=False).clamp_min(1e-6)
                self.seen = torch.ones(())
            z = (z - self.mean) / self.deviation + self.width * torch.randn_like(z)
        volume = -self.deviation.log().sum()
        for layer in self.layers:
            z, part = layer(z)
            volume = volume + part
        nats = 0.5 * (z.square() + math.log(2 * math.pi)).sum(1) - volume
        total = nats.mean() / self.size
        return total, total.detach()


class RvqVae(nn.Module):
    """Twin of families/rvq-vae with a mirrored decoder and codebooks that are moving averages: x [batch, 1, bins, frames]."""

    def __init__(self, config, bins, frames):
        super().__init__()
        self.config = config
        layers = [(out, pair(k), pair(s)) for out, k, s in zip(config["filters"], config["kernels"], config["strides"])]
        encoder, channels = [], 1
        for out, kernel, stride in layers:
            encoder += [nn.Conv2d(channels, out, kernel, stride, tuple(k // 2 for k in kernel)), nn.ReLU()]
            channels = out
        code = config["codeChannels"]
        self.encoder = nn.Sequential(*encoder, nn.Conv2d(channels, code, 1))
        decoder, channels = [], code
        for out, kernel, stride in reversed(layers):
            padding, extra = tuple(k // 2 for k in kernel), tuple(s - 1 for s in stride)
            decoder += [nn.ConvTranspose2d(channels, out, kernel, stride, padding, extra), nn.ReLU()]
            channels = out
        kernel = layers[0][1]
        decoder += [nn.ConvTranspose2d(channels, 1, kernel, 1, tuple(k // 2 for k in kernel)), nn.Sigmoid()]
        self.decoder = nn.Sequential(*decoder)
        stages, size = config["stages"], config["codebookSize"]
        self.register_buffer("codebooks", 0.05 * (2 * torch.rand(stages, size, code) - 1))
        self.register_buffer("use", torch.full((stages, size), 1 / size))
        self.apply(glorot)

    def quantise(self, vectors, kept):
        """Vectors [rows, channels]; kept [rows], how many stages code a row."""
        size, gamma, revive = (self.config[key] for key in ("codebookSize", "gamma", "reviveBelow"))
        left, total, commitment = vectors, torch.zeros_like(vectors), 0
        for stage, codebook in enumerate(self.codebooks):
            given = left.detach()
            distances = codebook.square().sum(1) - 2 * given @ codebook.t()
            chosen, coded = distances.argmin(1), (kept > stage).to(vectors.dtype)
            found = codebook[chosen] * coded[:, None]
            commitment = commitment + ((left - found).square().mean(1) * coded).mean()
            left, total = left - found, total + found
            if not self.training:
                continue
            with torch.no_grad():
                rows = coded.sum().clamp_min(1)
                counts = torch.bincount(chosen, coded, size) / rows
                sums = torch.zeros_like(codebook).index_add_(0, chosen, given * coded[:, None]) / rows
                use = gamma * self.use[stage] + (1 - gamma) * counts
                averaged = gamma * codebook * self.use[stage][:, None] + (1 - gamma) * sums
                moved = averaged / use.clamp_min(1e-12)[:, None]
                dead = use < revive / size
                drawn = given[torch.randint(len(given), (size,))]
                self.codebooks[stage] = torch.where(dead[:, None], drawn, moved)
                self.use[stage] = torch.where(dead, torch.full_like(use, 1 / size), use)
        return vectors + (total - vectors).detach(), commitment

    def forward(self, x, sample=True):
        hidden = self.encoder(x)
        vectors = hidden.permute(0, 2, 3, 1).flatten(0, 2)
        stages, clips = self.config["stages"], x.shape[0]
        kept = torch.full((clips,), stages)
        if self.training:
            dropped = torch.rand(clips) < self.config["quantiserDropout"]
            kept = torch.where(dropped, torch.randint(1, stages + 1, (clips,)), kept)
        codes, commitment = self.quantise(vectors, kept.repeat_interleave(len(vectors) // clips))
        image = codes.unflatten(0, (clips, *hidden.shape[2:])).permute(0, 3, 1, 2)
        mse = F.mse_loss(self.decoder(image), x)
        return self.config["reconstructionWeight"] * mse + self.config["commitmentWeight"] * commitment, mse
