"""The encoder, BERT's layers (Devlin et al. 2019) as in multilingual-e5-small, with outputs."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, INNER, POSITIONS, EPSILON = 384, 12, 1536, 512, 1e-12
DROPOUT = 0.1
MASKED = -1e4


class Layer(nn.Module):
    """Self-attention and a feed-forward net, each followed by a layer norm."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.attended_norm = nn.LayerNorm(WIDTH, EPSILON)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.outer_norm = nn.LayerNorm(WIDTH, EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` (batch, length, width); `mask` is added to the attention scores."""
        batch, length, _ = x.shape
        split = self.qkv(x).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        found = self.attended(found.transpose(1, 2).reshape(batch, length, WIDTH))
        x = self.attended_norm(x + functional.dropout(found, DROPOUT, self.training))
        found = self.outer(functional.gelu(self.inner(x)))
        return self.outer_norm(x + functional.dropout(found, DROPOUT, self.training))


class Encoder(nn.Module):
    """Pieces in, one vector a piece out; the first `frozen` layers learn nothing."""

    def __init__(self, pieces: int, layers: int, frozen: int = 0) -> None:
        super().__init__()
        self.word = nn.Embedding(pieces, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.frozen = frozen

    def freeze(self) -> None:
        """Embeddings always stay as they are: a rare piece moves too little to be worth it."""
        for part in (self.word, self.position, self.norm, *self.layers[: self.frozen]):
            part.requires_grad_(False)
            part.eval()

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """`ids` (batch, length), `lengths` (batch); vectors (batch, length, width)."""
        size = ids.shape[1]
        beyond = torch.arange(size, device=ids.device)[None] >= lengths[:, None]
        mask = beyond[:, None, None, :].to(torch.float32) * -1e9
        with torch.no_grad():
            x = self.norm(self.word(ids) + self.position.weight[:size])
            for layer in self.layers[: self.frozen]:
                x = layer(x, mask)
        for layer in self.layers[self.frozen :]:
            x = layer(x, mask)
        return x


class Tagger(nn.Module):
    """An encoder and one output row a label, the labels of all schemes one after another."""

    def __init__(self, encoder: Encoder, labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.output = nn.Linear(WIDTH, labels)
        nn.init.normal_(self.output.weight, std=0.02)
        nn.init.zeros_(self.output.bias)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Logits (batch, length, labels of all schemes)."""
        return self.output(functional.dropout(self.encoder(ids, lengths), DROPOUT, self.training))


def encoder_from(weights: Mapping[str, Tensor], layers: int, frozen: int) -> Encoder:
    """An encoder with the weights of `training/encoder.py`, its uppermost layers left away."""
    encoder = Encoder(len(weights["word.weight"]), layers, frozen)
    own = encoder.state_dict()
    encoder.load_state_dict({name: weights[name] for name in own})
    return encoder
