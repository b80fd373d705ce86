"""Where Vouch is embedded: site keys, and the origins whose pages may use them.

Owns: `Site`, `Sites`. Does not own: who a visitor is (`ui.tokens`), or how requests are refused
(`ui.api.callers`).

A key is public: it stands in the script tag. What it opens is bound to the site's origins, which
a browser states truthfully and a page cannot forge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.settings import Settings

LOCAL = "local"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Site:
    """A website that people talk with Vouch on.

    Attributes
    ----------
    key, name : str
        Public name, and the one that people read.
    origins : tuple of str
        Where its pages live; empty for this machine's own.
    secret : str
        What its server signs visitors' tokens with; empty where it names none.
    """

    key: str
    name: str
    origins: tuple[str, ...] = ()
    secret: str = ""


class Sites:
    """The sites of one installation; without any, the pages and programs of this machine.

    Parameters
    ----------
    sites : sequence of Site
        Keys differ.
    """

    def __init__(self, sites: Sequence[Site] = ()) -> None:
        self._sites: Mapping[str, Site] = {
            site.key: site for site in sites or (Site(LOCAL, "this machine"),)
        }

    @classmethod
    def of(cls, settings: Settings) -> Sites:
        """Return the sites that `settings` name, with their secrets."""
        secrets = settings.site_secrets
        return cls(
            [
                Site(
                    site.key,
                    site.name or site.key,
                    site.origins,
                    secrets[site.key].get_secret_value() if site.key in secrets else "",
                )
                for site in settings.sites
            ]
        )

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin of every site, sorted."""
        return tuple(sorted({origin for site in self._sites.values() for origin in site.origins}))

    def find(self, key: str) -> Site | None:
        """Return the site with `key`; ``""`` finds this machine's own, where no site is named."""
        return self._sites.get(key or LOCAL)

    def of_secret(self, secret: str) -> Site | None:
        """Return the site whose server knows `secret`, in a time that tells nothing."""
        from hmac import compare_digest

        found = None
        for site in self._sites.values():
            if site.secret and compare_digest(site.secret.encode(), secret.encode()):
                found = site
        return found


def admits(site: Site, origin: str | None, host: str) -> bool:
    """Tell whether a page of `origin` may use `site`.

    Parameters
    ----------
    origin : str or None
        The Origin header; None is no browser's page, and a program states what it likes.
    host : str
        The Host header. Vouch's own pages may use every site. On this machine's own site the host
        must be this machine by name, or a page elsewhere could point a name of its own here.
    """
    if site.key == LOCAL and _name(f"//{host}") not in _THIS_MACHINE:
        return False
    if origin is None or origin in site.origins:
        return True
    return origin.partition("://")[2] == host


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
