"""Understanding of a message without a language model, in milliseconds."""

from assistant.understanding.tagger import Tagger
from assistant.understanding.understand import Understander

__all__ = ["Tagger", "Understander"]
