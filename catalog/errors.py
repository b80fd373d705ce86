"""Every error Vouch raises on purpose, in one tree.

::

    VouchError                      shown to the person as it is; never a stack trace
    ├── ConfigurationError          settings, or the machine, are not as needed
    │   ├── SchemaError             a catalogue schema says something impossible
    │   └── MissingDependencyError  a part needs a package that is not installed
    ├── CatalogError                what can be recommended is not usable
    │   ├── IngestError             a source file cannot be read at all
    │   └── UnknownItemError        an item id that the catalogue lacks
    ├── ConstraintError             a constraint that the schema cannot express
    ├── IndexUnavailableError       a retrieval index cannot be opened or built
    ├── ModelError                  a local model cannot be found, read or run
    ├── ChatModelError              the language model gave nothing usable
    │   └── ChatModelTimeoutError   ... within its deadline
    ├── StoreError                  sessions or feedback cannot be kept
    │   └── UnknownSessionError     a session id that the store lacks
    └── CommandError                a button line such as ``/like 9`` that cannot be carried out

A message says what happened, the offending value (``!r``) and what to run or change.
"""

from __future__ import annotations


class VouchError(Exception):
    """Base of every error that is Vouch's to explain."""


class ConfigurationError(VouchError):
    """Settings, or the machine, are not as needed."""


class SchemaError(ConfigurationError):
    """A catalogue schema is malformed or contradicts itself."""


class MissingDependencyError(ConfigurationError):
    """A part was asked for whose package is not installed."""


class CatalogError(VouchError):
    """The catalogue is empty, missing or unusable."""


class IngestError(CatalogError):
    """A source file cannot be read at all (single bad rows are reported, not raised)."""


class UnknownItemError(CatalogError):
    """An item id that the catalogue lacks."""


class ConstraintError(VouchError):
    """A constraint names a facet or operator that the schema does not have."""


class IndexUnavailableError(VouchError):
    """A retrieval index cannot be opened or built."""


class ModelError(VouchError):
    """A local model cannot be found, read or run."""


class ChatModelError(VouchError):
    """The language model failed or returned nothing usable."""


class ChatModelTimeoutError(ChatModelError):
    """The language model did not answer within its deadline."""


class StoreError(VouchError):
    """Sessions or feedback cannot be read or written."""


class UnknownSessionError(StoreError):
    """A session id that the store lacks."""


class CommandError(VouchError):
    """A button line that cannot be carried out, such as ``/like 9`` on a slate of five."""
