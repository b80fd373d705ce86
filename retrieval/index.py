"""Index folders that are built aside, published whole, and checked before they are used again.

Owns: `IndexFolders` and `exclusive`. Does not own: what an index is made of (`retrieval.dense`).
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import sqlite3
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import IndexUnavailableError

logger = logging.getLogger(__name__)

# How long to wait for another process that is building the same index.
_LOCK_SECONDS = 1800.0


@contextmanager
def exclusive(directory: Path) -> Generator[None]:
    """Wait until no other process opens or builds the index in `directory`.

    An exclusive SQLite transaction is a lock that every platform has and that dies with its owner.

    Raises
    ------
    IndexUnavailableError
        When the lock cannot be had.
    """
    lock = sqlite3.connect(directory / "index.lock", timeout=_LOCK_SECONDS, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        lock.close()
        raise IndexUnavailableError(f"cannot lock index {str(directory)!r}: {error}") from error
    try:
        yield
    finally:
        lock.close()


@dataclass(frozen=True, slots=True)
class IndexFolders:
    """Folders under `root`, of which at most one is published.

    A folder is built under a name of its own while the published one stays as it is, so that a
    build may be killed at any moment, and another process may go on with the folder it has open.

    What lies in subfolders of a published folder must never change again: the seal, one file
    beside the folders, has the checksum of each such file. Files directly in the folder may.
    """

    root: Path

    def current(self) -> Path | None:
        """Return the published folder; None when there is none or it is not as it was published."""
        if not self._seal.exists():
            return None
        sealed = self._seal.read_bytes()
        for folder in self._folders():
            if _checksums(folder) == sealed:
                return folder
        logger.warning("index %s is damaged and is built again", self.root)
        return None

    def begin(self) -> Path:
        """Return a new, empty folder to build in."""
        folder = self.root / uuid.uuid4().hex
        folder.mkdir(parents=True)
        return folder

    def publish(self, folder: Path) -> None:
        """Make `folder` the published one, in one step, and delete all others."""
        temporary = self._seal.with_suffix(".part")
        temporary.write_bytes(_checksums(folder))
        temporary.replace(self._seal)
        for other in self._folders():
            if other != folder:
                # Another process may still have it open; what stays is deleted the next time.
                shutil.rmtree(other, ignore_errors=True)

    @property
    def _seal(self) -> Path:
        return self.root / "current.sha256"

    def _folders(self) -> list[Path]:
        return [path for path in self.root.iterdir() if path.is_dir()]


def _checksums(folder: Path) -> bytes:
    """Return a line per file in the subfolders, as ``sha256sum`` writes it from the root."""
    lines: list[str] = []
    for path in sorted(path for path in folder.glob("*/*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder.parent).as_posix()}\n")
    return "".join(lines).encode()
