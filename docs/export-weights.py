"""Writes torchvision's ImageNet weights for `weights: resnet50.safetensors`. Any state_dict under torchvision's names will do, such as one trained on VGGFace."""
import torchvision
from safetensors.torch import save_file

save_file(torchvision.models.resnet50(weights="IMAGENET1K_V2").state_dict(), "resnet50.safetensors")
