"""The encoder as a module of PyTorch: BERT's layers, fed with embeddings, with one score a label for every token.

A label's logit is the mean over the tokens of what each of them says, so that a verdict can be traced to words.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.e5 import E5


class Layer(nn.Module):
    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm = nn.LayerNorm(hidden, epsilon)
        self.wide = nn.Linear(hidden, inner)
        self.narrow = nn.Linear(inner, hidden)
        self.last = nn.LayerNorm(hidden, epsilon)

    def forward(self, x: Tensor, mask: Tensor, drop: float) -> Tensor:
        batch, length, hidden = x.shape
        shape = (batch, length, self.heads, hidden // self.heads)
        query, key, value = (part(x).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value))
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self.out(seen.transpose(1, 2).reshape(batch, length, hidden))
        x = self.norm(x + functional.dropout(seen, drop, self.training))
        wide = self.narrow(functional.gelu(self.wide(x)))
        return self.last(x + functional.dropout(wide, drop, self.training))


class Encoder(nn.Module):
    """`forward(words, mask)`: (batch, length, hidden) and (batch, length) of 1 and 0, to (batch, length, hidden)."""

    def __init__(self, source: E5, layers: Sequence[int]) -> None:
        super().__init__()
        tensors = source.tensors
        self.position = nn.Parameter(torch.from_numpy(tensors["emb.pos"]) + torch.from_numpy(tensors["emb.type"][:1]))
        self.norm = nn.LayerNorm(source.hidden, source.epsilon)
        self.layers = nn.ModuleList(Layer(source.hidden, source.heads, source.inner, source.epsilon) for _ in layers)
        _fill(self.norm, tensors["emb.ln.w"], tensors["emb.ln.b"])
        parts = {"query": "q", "key": "k", "value": "v", "out": "ao", "norm": "aln", "wide": "fi", "narrow": "fo"}
        for layer, number in zip(self.layers, layers, strict=True):
            for name, short in {**parts, "last": "oln"}.items():
                _fill(getattr(layer, name), tensors[f"l{number}.{short}.w"], tensors[f"l{number}.{short}.b"])

    def forward(self, words: Tensor, mask: Tensor, drop: float = 0.0) -> Tensor:
        x = self.norm(words + self.position[: words.shape[1]])
        x = functional.dropout(x, drop, self.training)
        bias = (1.0 - mask)[:, None, None, :] * -10000.0
        for layer in self.layers:
            x = layer(x, bias, drop)
        return x


def _fill(part: nn.Module, weight: object, bias: object) -> None:
    with torch.no_grad():
        part.weight.copy_(torch.as_tensor(weight).view_as(part.weight))
        part.bias.copy_(torch.as_tensor(bias).view_as(part.bias))
