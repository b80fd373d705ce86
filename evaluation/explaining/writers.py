"""Whose prose is compared.

Owns: `writers_of`. Does not own: the models (`assistant.llm`, `assistant.embedded`).
"""

from __future__ import annotations

from assistant.embedded import EmbeddedChatModel
from assistant.home import Home
from assistant.llm import ChatModel
from assistant.settings import Settings


def writers_of(model: ChatModel | None, settings: Settings) -> dict[str, ChatModel | None]:
    """Return the writers to compare with `model`, by name; it comes last.

    Beside the embedded model stand the weights that it was made of, and itself in free words.
    """
    writers: dict[str, ChatModel | None] = {"templates": None}
    if isinstance(model, EmbeddedChatModel) and model.tells:
        folder = Home(settings.home).models
        writers["untuned"] = EmbeddedChatModel(threads=settings.threads)
        writers["tuned"] = EmbeddedChatModel(threads=settings.threads, folder=folder, free=True)
        writers["tuned, held to its words"] = model
    elif model is not None:
        writers[model.status.tier] = model
    return writers
