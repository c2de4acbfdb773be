"""Writes torchvision's ImageNet weights as resnet50.safetensors, for `weights: resnet50.safetensors` in a recipe.

Any state_dict with torchvision's tensor names can be written in the same way, for example one trained on VGGFace.
"""
import torchvision
from safetensors.torch import save_file

save_file(torchvision.models.resnet50(weights="IMAGENET1K_V2").state_dict(), "resnet50.safetensors")
