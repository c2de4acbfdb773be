#!/usr/bin/env python3
"""Writes maps.json: Grad-CAM of each model by PyTorch's autograd, in double precision.

    .scratch/torch/bin/python Tests/LearningTests/Golden/make_maps.py

Weights and pixels come from the formula of make_golden.py. The file contains, for two images
and three classes each, the logits, the map, and samples of the map scaled to the image.
"""
import json

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

from dlib_resnet29 import DlibResNet29
from make_golden import HERE, fill, images, rounded

CLASSES = [0, 3, 7]
DLIB_MEAN = torch.tensor([122.782, 117.001, 104.298], dtype=torch.float64)


def parts(name):
    """Returns the model, its last feature maps as a function of the images, and its logits as a function of the maps."""
    if name == "dlib-resnet29":
        model = DlibResNet29(10)
        return model, model.features, lambda maps: model.fc(maps.mean((2, 3)))
    model = getattr(torchvision.models, name)(num_classes=10)
    if name == "vgg16":
        # All but the last pool.
        return model, model.features[:-1], lambda maps: model.classifier(torch.flatten(model.avgpool(model.features[-1](maps)), 1))
    if name == "densenet121":
        return model, lambda x: F.relu(model.features(x)), lambda maps: model.classifier(maps.mean((2, 3)))
    trunk = nn.Sequential(*list(model.children())[:-2])
    return model, trunk, lambda maps: model.fc(maps.mean((2, 3)))


def pixels_of_dlib(x):
    """Converts torchvision's normalization to bytes, and then to dlib's normalization."""
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    bytes_ = torch.round((x * deviation.double()[:, None, None] + mean.double()[:, None, None]) * 255)
    return (bytes_ - DLIB_MEAN[:, None, None]) / 256


def maps(name, size):
    print(name, flush=True)
    model, features, head = parts(name)
    model = fill(model, calm=True).eval()
    x = images(2, size)
    if name == "dlib-resnet29":
        x = pixels_of_dlib(x)
    with torch.no_grad():
        whole = model(x)
    planes = features(x).detach().requires_grad_(True)
    logits = head(planes)
    assert torch.allclose(logits, whole)
    found = []
    for wanted in CLASSES:
        (gradient,) = torch.autograd.grad(logits[:, wanted].sum(), planes, retain_graph=True)
        weights = gradient.mean((2, 3), keepdim=True)
        cam = F.relu((weights * planes).sum(1, keepdim=True)).detach()
        over = F.interpolate(cam, size=(size, size), mode="bilinear", align_corners=False)
        found.append({"class": wanted, "maps": cam.flatten(1).tolist(), "samples": over.flatten(1)[:, :: size * size // 40].tolist()})
    return {"size": size, "side": planes.shape[2], "logits": logits.tolist(), "found": found}


if __name__ == "__main__":
    torch.set_num_threads(2)
    sizes = {"resnet18": 96, "resnet50": 96, "vgg16": 96, "densenet121": 96, "dlib-resnet29": 150}
    all_maps = {name: rounded(maps(name, size)) for name, size in sizes.items()}
    (HERE / "maps.json").write_text("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(maps_of_model)}" for name, maps_of_model in all_maps.items()) + "\n}\n")
