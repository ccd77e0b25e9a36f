"""`python -m training`: match the large encoder, teach tutors, let the small reader learn.

Each step leaves its result in `data/training/`, so that steps can run side by side:
`match` and `tutor 0` … `tutor 2`, then `teach 0` … `teach 2` and `teach whole`, then `write`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.content.writing import replace_file
from training.material import ALWAYS, FOLDS, Lesson
from training.net import WIDTH
from training.school import BATCH, Learning, School
from training.variations import variations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.net import Net

_FAQ: Final = Path("faq")
_PARTS: Final = Path("data/training")
_FILE: Final = _FAQ / "calibration/encoder.npz"
_WHOLE: Final = "whole"
_RATE: Final = 5e-4
_TUTORS_RATE: Final = 1e-4
_MATCHING: Final = 3
_TUTORING: Final = 3
_TEACHING: Final = 6
_VARIATIONS: Final = 30_000
_VARIATIONS_PER_PASS: Final = 10_000
_WARMTH: Final = 2.0
"""The temperature of distillation (Hinton et al. 2015, arXiv 1503.02531)."""
_HARD: Final = 0.5
"""What the written label counts beside the tutor's mark."""
_NO_KIND: Final = -100


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, what people say it is (or nobody), and how likely a tutor holds each kind."""

    pieces: tuple[int, ...]
    kind: int
    mark: Tensor


def _match(school: School) -> None:
    """Bring the cut reader's states near to those of the large encoder; no label is used."""
    net, basis = school.cut()
    passes = [school.sample(school.lessons) for _ in range(_MATCHING)]
    learning = Learning(net, _RATE, sum(len(lot) // BATCH + 1 for lot in passes))
    for lot in passes:
        far = 0.0
        for _, pieces, there in school.batches(lot, learning=True):
            wanted = school.large.states(pieces, there)
            told = net.states(pieces, there)
            pairs = zip(told[1:], wanted[1:], strict=True)
            loss = torch.stack([_distance(a[there], b[there], basis) for a, b in pairs]).sum()
            learning.step(loss)
            far += loss.item() * BATCH / len(lot)
        _say(f"match: {far:.3f}")
    torch.save(net.state_dict(), _PARTS / "matched.pt")


def _distance(told: Tensor, wanted: Tensor, basis: Tensor) -> Tensor:
    return (told - wanted @ basis).square().sum() / len(told) / WIDTH / wanted.var()


def _known(school: School, part: str) -> list[Lesson]:
    """Return the lessons of all folds but one, or all."""
    held = ALWAYS - 1 if part == _WHOLE else int(part)
    return [lesson for lesson in school.lessons if lesson.fold != held]


def _tutor(school: School, fold: str) -> None:
    """Teach a tutor the kinds of all lessons but those of one fold."""
    tutor = school.tutor()
    passes = [school.sample(_known(school, fold)) for _ in range(_TUTORING)]
    learning = Learning(tutor, _TUTORS_RATE, sum(len(lot) // BATCH + 1 for lot in passes))
    for lot in passes:
        tutor.train()
        wrong, count = 0.0, 0
        for batch, pieces, there in school.batches(lot, learning=True):
            kinds = torch.tensor([lesson.kind for lesson in batch])
            loss = functional.cross_entropy(tutor(pieces, there), kinds, label_smoothing=0.05)
            learning.step(loss)
            wrong, count = wrong + loss.item(), count + 1
        _say(f"tutor {fold}: {wrong / count:.3f}")
    torch.save(tutor.state_dict(), _PARTS / f"tutor-{fold}.pt")


def _teach(school: School, part: str) -> None:
    """Let a matched reader learn from the tutors' marks, and from what people wrote."""
    net, _ = school.cut()
    net.load_state_dict(torch.load(_PARTS / "matched.pt"))
    known = _known(school, part)
    made = variations(school.sample(known), school.continuing, _VARIATIONS, school.random)
    texts = [(lesson.pieces, lesson.kind) for lesson in known] + [(x, _NO_KIND) for x in made]
    if part == _WHOLE:
        # As in the folds, each lesson is marked by a tutor that knows it.
        tutors = [(lesson.fold + 1) % FOLDS for lesson in known]
        tutors += [number % FOLDS for number in range(len(made))]
    else:
        tutors = [int(part)] * len(texts)
    marked = _marked(school, texts, tutors)
    by_pieces = {one.pieces: one for one in marked[: len(known)]}
    more = marked[len(known) :]
    _say(f"teach {part}: {len(marked)} texts marked")
    steps = _TEACHING * ((len(school.sample(known)) + _VARIATIONS_PER_PASS) // BATCH + 1)
    learning = Learning(net, _RATE, steps)
    for _ in range(_TEACHING):
        net.train()
        far, count = 0.0, 0
        chosen = school.random.choice(len(more), _VARIATIONS_PER_PASS, replace=False)
        lot = [by_pieces[lesson.pieces] for lesson in school.sample(known)]
        lot += [more[n] for n in chosen]
        for batch, pieces, there in school.batches(lot, learning=True):
            loss = _farness(net(pieces, there), batch)
            learning.step(loss)
            far, count = far + loss.item(), count + 1
        _say(f"teach {part}: {far / count:.3f}")
    torch.save(net.state_dict(), _PARTS / f"{part}.pt")


def _marked(
    school: School, texts: Sequence[tuple[tuple[int, ...], int]], tutors: Sequence[int]
) -> list[Marked]:
    """Return the texts with how likely each one's tutor holds each kind."""
    asked = [Marked(pieces, number, torch.empty(0)) for number, (pieces, _) in enumerate(texts)]
    marks: dict[int, Tensor] = {}
    for fold in sorted(set(tutors)):
        tutor = school.tutor()
        tutor.load_state_dict(torch.load(_PARTS / f"tutor-{fold}.pt"))
        tutor.eval()
        own = [one for one in asked if tutors[one.kind] == fold]
        with torch.no_grad():
            for batch, pieces, there in school.batches(own, learning=False):
                numbers = [one.kind for one in batch]
                marks.update(zip(numbers, tutor(pieces, there), strict=True))
    return [Marked(text, kind, marks[number]) for number, (text, kind) in enumerate(texts)]


def _farness(told: Tensor, batch: Sequence[Marked]) -> Tensor:
    """Return how far scores are from the tutor's marks and the written labels."""
    marks = torch.stack([one.mark for one in batch])
    soft = functional.kl_div(
        functional.log_softmax(told / _WARMTH, dim=1),
        functional.log_softmax(marks / _WARMTH, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    kinds = torch.tensor([one.kind for one in batch])
    written = kinds != _NO_KIND
    hard = functional.cross_entropy(
        told, kinds, ignore_index=_NO_KIND, label_smoothing=0.05, reduction="sum"
    )
    return _WARMTH**2 * soft + _HARD * hard / max(1, int(written.sum()))


def _scores(school: School, net: nn.Module, chosen: Sequence[Lesson]) -> dict[int, Tensor]:
    net.eval()
    told: dict[int, Tensor] = {}
    with torch.no_grad():
        for batch, pieces, there in school.batches(chosen, learning=False):
            keys = [lesson.key for lesson in batch]
            told.update(zip(keys, net(pieces, there), strict=True))
    return told


def _reader(school: School, part: str) -> Net:
    net, _ = school.cut()
    net.load_state_dict(torch.load(_PARTS / f"{part}.pt"))
    return net


def _write(school: School) -> None:
    """Write the reader, and what readers that did not learn from a text made of it."""
    held: dict[int, Tensor] = {}
    for fold in range(FOLDS):
        chosen = [x for x in school.lessons if x.fold == fold]
        held |= _scores(school, _reader(school, str(fold)), chosen)
    keys = sorted(held)
    arrays = _arrays(_reader(school, _WHOLE)) | {
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


def _say(what: str) -> None:
    print(what, flush=True)  # noqa: T201 - a long run tells how far it is


def main(words: Sequence[str]) -> None:
    """Run the steps named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    steps = ("match", "tutor", "teach", "write", "all")
    parser.add_argument("step", nargs="?", choices=steps, default="all")
    parser.add_argument("part", nargs="?", choices=(*map(str, range(FOLDS)), _WHOLE))
    asked = parser.parse_args(words)
    if (asked.step in {"tutor", "teach"}) != (asked.part is not None):
        parser.error("`tutor` and `teach` take the part to teach, other steps none")
    if asked.step == "tutor" and asked.part == _WHOLE:
        parser.error("there is a tutor for each fold, and none for the whole")
    _PARTS.mkdir(parents=True, exist_ok=True)
    school = School(_FAQ)
    folds = [str(fold) for fold in range(FOLDS)]
    if asked.step in {"match", "all"}:
        _match(school)
    for fold in folds if asked.step == "all" else [asked.part] * (asked.step == "tutor"):
        _tutor(school, fold)
    parts = [*folds, _WHOLE]
    for part in parts if asked.step == "all" else [asked.part] * (asked.step == "teach"):
        _teach(school, part)
    if asked.step in {"write", "all"}:
        _write(school)


if __name__ == "__main__":
    main(sys.argv[1:])
