"""PyTorch twins of the dynamical VAEs, for `npm run bench -- dvae`: eager PyTorch with the standard settings of papers/004.

As the published benchmark's code computes: what passes through z or h goes frame by frame, everything else over whole
sequences, every recurrence is an nn.LSTM or nn.RNN. x is [frames, batch, bins], power.
"""

import torch
from torch import nn

BINS, LATENT, UNITS = 257, 16, 128


def mlp(inputs, *units):
    layers = []
    for out in units:
        layers += [nn.Linear(inputs, out), nn.Tanh()]
        inputs = out
    return nn.Sequential(*layers)


def previous(xs):
    return torch.cat([torch.zeros_like(xs[:1]), xs[:-1]])


def backward(lstm, xs):
    return lstm(xs.flip(0))[0].flip(0)


class Gaussian(nn.Module):
    def __init__(self, inputs, outputs=LATENT):
        super().__init__()
        self.mean, self.log_var = nn.Linear(inputs, outputs), nn.Linear(inputs, outputs)

    def forward(self, hidden):
        return self.mean(hidden), self.log_var(hidden)


def draw(mean, log_var):
    return mean + torch.exp(0.5 * log_var) * torch.randn_like(mean)


def itakura_saito(x, log_var):
    ratio = x / log_var.exp()
    return (ratio - ratio.log() - 1).sum(2).mean()


def kl(mean, log_var, prior_mean=None, prior_log_var=None):
    if prior_mean is None:
        return 0.5 * (log_var.exp() + mean.square() - 1 - log_var).sum(-1).mean()
    distance = (log_var.exp() + (mean - prior_mean).square()) / prior_log_var.exp()
    return 0.5 * (prior_log_var - log_var + distance - 1).sum(-1).mean()


class Dynamical(nn.Module):
    """Losses from what `infer` gives: mean, log_var, the prior's two or none, log variance of x, KL of what else there is."""

    def forward(self, x):
        mean, log_var, prior, output, other = self.infer(x)
        reconstruction = itakura_saito(x, output)
        return reconstruction + kl(mean, log_var, *prior) + other, reconstruction


class Vae(Dynamical):
    def __init__(self):
        super().__init__()
        self.encoder, self.head = mlp(BINS, 256, 128, 64, 32), Gaussian(32)
        self.decoder, self.output = mlp(LATENT, 32, 64, 128, 256), nn.Linear(256, BINS)

    def infer(self, x):
        mean, log_var = self.head(self.encoder(x))
        return mean, log_var, (), self.output(self.decoder(draw(mean, log_var))), 0


class Dkf(Dynamical):
    def __init__(self):
        super().__init__()
        self.features, self.rnn = mlp(BINS, 256), nn.LSTM(256, UNITS)
        self.from_z, self.to_z, self.head = mlp(LATENT, 32, 64, UNITS), mlp(UNITS, 64, 32), Gaussian(32)
        gate = [nn.Linear(LATENT, LATENT), nn.ReLU(), nn.Linear(LATENT, LATENT)]
        proposal = [nn.Linear(LATENT, LATENT), nn.ReLU(), nn.Linear(LATENT, LATENT)]
        self.gate, self.proposal = nn.Sequential(*gate, nn.Sigmoid()), nn.Sequential(*proposal)
        self.prior_mean = nn.Linear(LATENT, LATENT)
        self.prior_var = nn.Sequential(nn.ReLU(), nn.Linear(LATENT, LATENT), nn.Softplus())
        self.decoder, self.output = mlp(LATENT, 32, 64, 128, 256), nn.Linear(256, BINS)

    def infer(self, x):
        g = backward(self.rnn, self.features(x))
        z, means, log_vars, draws = torch.zeros_like(g[0, :, :LATENT]), [], [], []
        for frame in g:
            mean, log_var = self.head(self.to_z((self.from_z(z) + frame) / 2))
            z = draw(mean, log_var)
            means.append(mean), log_vars.append(log_var), draws.append(z)
        zs = torch.stack(draws)
        before = previous(zs)
        gate, proposal = self.gate(before), self.proposal(before)
        prior = (1 - gate) * self.prior_mean(before) + gate * proposal, self.prior_var(proposal).log()
        return torch.stack(means), torch.stack(log_vars), prior, self.output(self.decoder(zs)), 0


class Storn(Dynamical):
    def __init__(self):
        super().__init__()
        self.features, self.rnn_g, self.to_z = mlp(BINS, 256), nn.LSTM(256, UNITS), mlp(UNITS, 64, 32)
        self.head, self.from_z, self.from_x = Gaussian(32), mlp(LATENT, 32, 64), mlp(BINS, 256)
        self.rnn_h, self.decoder, self.output = nn.LSTM(320, UNITS), mlp(UNITS, 256), nn.Linear(256, BINS)

    def infer(self, x):
        mean, log_var = self.head(self.to_z(self.rnn_g(self.features(x))[0]))
        known = torch.cat([self.from_z(draw(mean, log_var)), self.from_x(previous(x))], 2)
        return mean, log_var, (), self.output(self.decoder(self.rnn_h(known)[0])), 0


class Vrnn(Dynamical):
    def __init__(self):
        super().__init__()
        self.from_x, self.from_z = mlp(BINS, 256), mlp(LATENT, 32, 64)
        self.encoder, self.head = mlp(256 + UNITS, 64, 32), Gaussian(32)
        self.prior, self.prior_head = mlp(UNITS, 64, 32), Gaussian(32)
        self.decoder, self.output = mlp(64 + UNITS, 256), nn.Linear(256, BINS)
        self.rnn = nn.LSTM(320, UNITS)

    def infer(self, x):
        features = self.from_x(x)
        h = c = torch.zeros(1, x.shape[1], UNITS)
        means, log_vars, outputs, hidden = [], [], [], []
        for frame in features:
            hidden.append(h[0])
            mean, log_var = self.head(self.encoder(torch.cat([frame, h[0]], 1)))
            codes = self.from_z(draw(mean, log_var))
            outputs.append(self.output(self.decoder(torch.cat([codes, h[0]], 1))))
            means.append(mean), log_vars.append(log_var)
            _, (h, c) = self.rnn(torch.cat([frame, codes], 1)[None], (h, c))
        prior = self.prior_head(self.prior(torch.stack(hidden)))
        return torch.stack(means), torch.stack(log_vars), prior, torch.stack(outputs), 0


class Srnn(Dynamical):
    def __init__(self):
        super().__init__()
        self.from_x, self.rnn_h = mlp(BINS, 256), nn.LSTM(256, UNITS)
        self.joined, self.rnn_g = mlp(UNITS + BINS, 256), nn.LSTM(256, UNITS)
        self.encoder, self.head = mlp(UNITS + LATENT, 64, 32), Gaussian(32)
        self.prior, self.prior_head = mlp(UNITS + LATENT, 64, 32), Gaussian(32)
        self.decoder, self.output = mlp(UNITS + LATENT, 256), nn.Linear(256, BINS)

    def infer(self, x):
        h = self.rnn_h(self.from_x(previous(x)))[0]
        g = backward(self.rnn_g, self.joined(torch.cat([h, x], 2)))
        z, means, log_vars, draws = torch.zeros_like(g[0, :, :LATENT]), [], [], []
        for frame in g:
            mean, log_var = self.head(self.encoder(torch.cat([frame, z], 1)))
            z = draw(mean, log_var)
            means.append(mean), log_vars.append(log_var), draws.append(z)
        zs = torch.stack(draws)
        prior = self.prior_head(self.prior(torch.cat([h, previous(zs)], 2)))
        output = self.output(self.decoder(torch.cat([h, zs], 2)))
        return torch.stack(means), torch.stack(log_vars), prior, output, 0


class Rvae(Dynamical):
    def __init__(self, bidirectional):
        super().__init__()
        both = 2 if bidirectional else 1
        self.features, self.rnn_x = mlp(BINS, 256), nn.LSTM(256, UNITS, bidirectional=bidirectional)
        self.from_z, self.rnn_z = mlp(LATENT, 32, 64), nn.LSTM(64, UNITS)
        self.encoder, self.head = mlp(both * UNITS + UNITS, 64, 32), Gaussian(32)
        self.of_z, self.rnn_h = mlp(LATENT, 32, 64), nn.LSTM(64, UNITS, bidirectional=bidirectional)
        self.decoder, self.output = mlp(both * UNITS, 256), nn.Linear(256, BINS)

    def infer(self, x):
        g = backward(self.rnn_x, self.features(x))
        h = c = torch.zeros(1, x.shape[1], UNITS)
        z, means, log_vars, draws = torch.zeros(x.shape[1], LATENT), [], [], []
        for frame in g:
            _, (h, c) = self.rnn_z(self.from_z(z)[None], (h, c))
            mean, log_var = self.head(self.encoder(torch.cat([frame, h[0]], 1)))
            z = draw(mean, log_var)
            means.append(mean), log_vars.append(log_var), draws.append(z)
        output = self.output(self.decoder(self.rnn_h(self.of_z(torch.stack(draws)))[0]))
        return torch.stack(means), torch.stack(log_vars), (), output, 0


class Dsae(Dynamical):
    def __init__(self):
        super().__init__()
        self.features, self.rnn_v = mlp(BINS, 256), nn.LSTM(256, UNITS, bidirectional=True)
        self.to_v, self.head_v = mlp(2 * UNITS, 64, 32), Gaussian(32)
        self.joined, self.rnn_xv = mlp(256 + LATENT, 256), nn.LSTM(256, UNITS, bidirectional=True)
        self.towards_z, self.rnn_z, self.head = mlp(2 * UNITS, 64), nn.RNN(64, 32), Gaussian(32)
        self.rnn_prior, self.prior_head = nn.LSTM(LATENT, 32), Gaussian(32)
        self.decoder, self.output = mlp(2 * LATENT, 32, 64, 128, 256), nn.Linear(256, BINS)

    def infer(self, x):
        features = self.features(x)
        _, (ends, _) = self.rnn_v(features)
        mean_v, log_var_v = self.head_v(self.to_v(torch.cat([ends[0], ends[1]], 1)))
        v = draw(mean_v, log_var_v).expand(x.shape[0], -1, -1)
        g = self.rnn_xv(self.joined(torch.cat([features, v], 2)))[0]
        mean, log_var = self.head(self.rnn_z(self.towards_z(g))[0])
        z = draw(mean, log_var)
        prior = self.prior_head(self.rnn_prior(previous(z))[0])
        output = self.output(self.decoder(torch.cat([v, z], 2)))
        return mean, log_var, prior, output, kl(mean_v, log_var_v)


DYNAMICAL = {
    "VAE": Vae,
    "DKF": Dkf,
    "STORN": Storn,
    "VRNN": Vrnn,
    "SRNN": Srnn,
    "RVAE-Causal": lambda: Rvae(False),
    "RVAE-NonCausal": lambda: Rvae(True),
    "DSAE": Dsae,
}
