"""The reader as torch sees it while it learns: cut out of a sentence encoder's first layers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.core.encoding import LONGEST
from bot.core.listening import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 192
HEADS: Final = 6
WIDE: Final = 512
HEAD: Final = 32
LAYERS: Final = 3
_SPECIAL: Final = ("[CLS]", "[SEP]", "[UNK]")
_PIECE: Final = re.compile(r"(##)?[a-z0-9]+|[.,'%/-]")


def vocabulary_of(pieces: Sequence[str]) -> dict[str, int]:
    """Return the pieces that are kept, and where each stands among `pieces`."""
    place = {piece: number for number, piece in enumerate(pieces)}
    kept = [piece for piece in pieces if _PIECE.fullmatch(piece)]
    return {piece: place[piece] for piece in (*_SPECIAL, *kept)}


class Large:
    """The first layers of the encoder that everything is cut out of; never changed."""

    def __init__(self, model: nn.Module, kept: Sequence[int]) -> None:
        model.encoder.layer = model.encoder.layer[:LAYERS]
        model.requires_grad_(requires_grad=False).eval()
        self.model = model
        self._kept = torch.tensor(kept)

    @torch.no_grad()
    def states(self, pieces: Tensor, there: Tensor) -> list[Tensor]:
        """Return the states of every piece before and after each layer."""
        with torch.autocast("cpu", torch.bfloat16):
            told = self.model(
                input_ids=self._kept[pieces],
                attention_mask=there.long(),
                output_hidden_states=True,
            )
        return [states.float() for states in told.hidden_states]

    def table(self) -> tuple[Tensor, Tensor]:
        """Return what each piece is in itself, and what its place adds."""
        parts = self.model.embeddings
        kind = parts.token_type_embeddings.weight[0]
        places = parts.position_embeddings.weight[:LONGEST]
        words = parts.word_embeddings.weight[self._kept]
        usual = places[1:20].mean(dim=0)
        average = words[500:2500].mean(dim=0)
        table = parts.LayerNorm(words + kind + usual)
        added = parts.LayerNorm(average + kind + places) - parts.LayerNorm(average + kind + usual)
        return table, added


class Layer(nn.Module):
    """One layer, cut out of a large one: its strongest heads and its busiest inner units."""

    def __init__(self, large: nn.Module, basis: Tensor, seen: Tensor) -> None:
        super().__init__()
        attention, join = large.attention.self, large.attention.output.dense
        heads = _strongest(attention.value.weight, join.weight)
        parts = (attention.query, attention.key, attention.value)
        self.attend = _linear(
            torch.cat([part.weight[heads] @ basis for part in parts]),
            torch.cat([part.bias[heads] for part in parts]),
        )
        self.join = _linear(basis.T @ join.weight[:, heads], join.bias @ basis)
        widen, narrow = large.intermediate.dense, large.output.dense
        busy = functional.gelu(widen(seen)).square().mean(dim=0).sqrt() * narrow.weight.norm(dim=0)
        units = busy.argsort(descending=True)[:WIDE]
        self.widen = _linear(widen.weight[units] @ basis, widen.bias[units])
        self.narrow = _linear(basis.T @ narrow.weight[:, units], narrow.bias @ basis)
        self.first = _Scaled(large.attention.output.LayerNorm, basis)
        self.second = _Scaled(large.output.LayerNorm, basis)
        self.drop = nn.Dropout(0.1)

    def forward(self, states: Tensor, there: Tensor, *, first_only: bool = False) -> Tensor:
        """Return the next states of all pieces, or of the first alone."""
        asking = states[:, :1] if first_only else states
        width = HEADS * HEAD
        weight, bias = self.attend.weight, self.attend.bias
        queries = _split(functional.linear(asking, weight[:width], bias[:width]))
        told = functional.linear(states, weight[width:], bias[width:])
        keys, values = _split(told[..., :width]), _split(told[..., width:])
        mask = there[:, None, None, :]
        heard = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
        joined = self.join(heard.transpose(1, 2).flatten(2))
        asking = self.first(asking + self.drop(joined))
        wide = functional.gelu(self.widen(asking), approximate="tanh")
        return self.second(asking + self.drop(self.narrow(wide)))


class _Scaled(nn.Module):
    def __init__(self, norm: nn.Module, basis: Tensor) -> None:
        super().__init__()
        gain = norm.weight.square().mean().sqrt() * (basis.shape[0] / basis.shape[1]) ** 0.5
        self.gain = nn.Parameter(gain.expand(basis.shape[1]).clone())
        self.bias = nn.Parameter(norm.bias @ basis)

    def forward(self, states: Tensor) -> Tensor:
        size = torch.rsqrt(states.square().mean(dim=-1, keepdim=True) + 1e-6)
        return states * size * self.gain + self.bias


class Net(nn.Module):
    """The small reader. Its table of pieces is fixed; everything else learns."""

    def __init__(self, large: Large, basis: Tensor, seen: Sequence[Tensor]) -> None:
        super().__init__()
        table, added = large.table()
        self.table = nn.Embedding.from_pretrained((table @ basis).contiguous(), freeze=True)
        self.places = nn.Parameter((added @ basis).clone())
        self.layers = nn.ModuleList(
            Layer(layer, basis, states)
            for layer, states in zip(large.model.encoder.layer, seen, strict=False)
        )
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(3 * WIDTH, len(KINDS))

    def states(self, pieces: Tensor, there: Tensor) -> list[Tensor]:
        """Return the states of every piece before and after each layer."""
        states = [self.table(pieces) + self.places[: pieces.shape[1]]]
        for layer in self.layers:
            states.append(layer(states[-1], there))
        return states

    def forward(self, pieces: Tensor, there: Tensor) -> Tensor:
        """Return the scores of each message."""
        states = self.table(pieces) + self.places[: pieces.shape[1]]
        for layer in self.layers[:-1]:
            states = layer(states, there)
        whole = self.layers[-1](states, there, first_only=True)[:, 0]
        mask = there[..., None].float()
        mean = (states * mask).sum(dim=1) / mask.sum(dim=1)
        most = (states - 1e4 * (1 - mask)).amax(dim=1)
        return self.out(self.drop(torch.cat([mean, most, whole], dim=1)))


def basis_of(states: Sequence[Tensor]) -> Tensor:
    """Return the WIDTH directions in which the states of all layers lie most."""
    together = torch.cat([layer / layer.std() for layer in states])
    _, directions = torch.linalg.eigh(together.T @ together)
    return directions[:, -WIDTH:]


def _strongest(values: Tensor, joining: Tensor) -> Tensor:
    count = values.shape[0] // HEAD
    rows = [torch.arange(HEAD * head, HEAD * (head + 1)) for head in range(count)]
    strength = torch.stack([(values[row].T @ joining[:, row].T).norm() for row in rows])
    chosen = strength.argsort(descending=True)[:HEADS].sort().values
    return torch.cat([rows[int(head)] for head in chosen])


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight.clone().contiguous(), bias.clone()
    return made


def _split(states: Tensor) -> Tensor:
    return states.unflatten(2, (-1, HEAD)).transpose(1, 2)
