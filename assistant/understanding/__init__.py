"""Understanding of a message without a language model, in milliseconds."""

from assistant.understanding.understand import Understander

__all__ = ["Understander"]
