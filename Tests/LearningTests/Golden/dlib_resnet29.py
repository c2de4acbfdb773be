"""dlib's face network in PyTorch with a new last layer and Curare's tensor names (Sources/Learning/Models/DlibResNet29.swift)."""
import torch
from torch import nn
from torch.nn import functional as F


class Affine(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return x * self.weight[:, None, None] + self.bias[:, None, None]


class Block(nn.Module):
    def __init__(self, before, channels, halving):
        super().__init__()
        self.halving = halving
        self.conv1 = nn.Conv2d(before, channels, 3, 2 if halving else 1, 0 if halving else 1)
        self.affine1 = Affine(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.affine2 = Affine(channels)

    def forward(self, x):
        y = self.affine2(self.conv2(F.relu(self.affine1(self.conv1(x)))))
        if not self.halving:
            return F.relu(y + x)
        x = F.avg_pool2d(x, 2)
        # Each filled up with zeros, at the right, below and behind, to the larger of the two.
        channels, height, width = (max(a, b) for a, b in zip(x.shape[1:], y.shape[1:]))
        return F.relu(sum(F.pad(t, (0, width - t.shape[3], 0, height - t.shape[2], 0, channels - t.shape[1])) for t in (x, y)))


class DlibResNet29(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1, self.affine1 = nn.Conv2d(3, 32, 7, 2), Affine(32)
        before = 32
        for stage, (channels, blocks) in enumerate([(32, 3), (64, 4), (128, 3), (256, 3), (256, 1)]):
            layers = []
            for block in range(blocks):
                layers.append(Block(before, channels, stage > 0 and block == 0))
                before = channels
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(256, classes)

    def features(self, x):
        x = F.max_pool2d(F.relu(self.affine1(self.conv1(x))), 3, 2)
        for stage in range(1, 6):
            x = getattr(self, f"layer{stage}")(x)
        return x

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))
