"""What the embedded model writes about a pick: the brief it reads, and how it learned to tell it.

Imports nothing heavy; `network` and `train_writer` import torch.
"""
