"""The tutor: the whole sentence encoder, taught what the small reader shall learn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from bot.core.listening import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tutor(nn.Module):
    """All layers of the encoder, and a row of scores on the mean and the first of its states."""

    def __init__(self, encoder: nn.Module, kept: Sequence[int]) -> None:
        super().__init__()
        self.encoder = encoder
        self.encoder.embeddings.requires_grad_(requires_grad=False)
        self._kept = torch.tensor(kept)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(2 * encoder.config.hidden_size, len(KINDS))

    def forward(self, pieces: Tensor, there: Tensor) -> Tensor:
        """Return the scores of each message."""
        # Half the digits: twice as fast where the processor has them, as good for our ends.
        with torch.autocast("cpu", torch.bfloat16):
            states = self.encoder(
                input_ids=self._kept[pieces], attention_mask=there.long()
            ).last_hidden_state
        states = states.float()
        mask = there[..., None].float()
        mean = (states * mask).sum(dim=1) / mask.sum(dim=1)
        return self.out(self.drop(torch.cat([mean, states[:, 0]], dim=1)))
