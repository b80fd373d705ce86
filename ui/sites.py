"""Where Vouch is embedded: site keys, and the origins whose pages may use them.

Owns: `Site`, `Sites`. Does not own: who a visitor is (`ui.tokens`), or how requests are refused
(`ui.api.callers`).

A key is public: it stands in the script tag. What it opens is bound to the site's origins, which
a browser states truthfully and a page cannot forge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address

from assistant.settings import Settings
from catalog.errors import ConfigurationError

LOCAL = "local"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")


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
    hosts : sequence of str
        Names of this server, beside its addresses and those of this machine.
    """

    def __init__(self, sites: Sequence[Site] = (), hosts: Sequence[str] = ()) -> None:
        self._sites: Mapping[str, Site] = {
            site.key: site for site in sites or (Site(LOCAL, "this machine"),)
        }
        self._hosts = frozenset(hosts)

    @classmethod
    def of(cls, settings: Settings) -> Sites:
        """Return the sites that `settings` name, with their secrets.

        Raises
        ------
        ConfigurationError
            When two sites have one key, one has that of this machine, or a secret has no site.
        """
        secrets, keys = settings.site_secrets, [site.key for site in settings.sites]
        if len({*keys, LOCAL}) != len(keys) + 1:
            raise ConfigurationError(f"keys of [[sites]] must differ, also from {LOCAL!r}: {keys}")
        if not secrets.keys() <= set(keys):
            raise ConfigurationError(
                f"VOUCH_SITE_SECRETS names {sorted(secrets)}, and [[sites]] only {keys}"
            )
        return cls(
            [
                Site(
                    site.key,
                    site.name or site.key,
                    site.origins,
                    secrets[site.key].get_secret_value() if site.key in secrets else "",
                )
                for site in settings.sites
            ],
            settings.serve.hosts,
        )

    @property
    def all(self) -> tuple[Site, ...]:
        """Every site, in the order of the settings."""
        return tuple(self._sites.values())

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin of every site, sorted."""
        return tuple(sorted({origin for site in self._sites.values() for origin in site.origins}))

    def find(self, key: str) -> Site | None:
        """Return the site with `key`; ``""`` finds this machine's own, where no site is named."""
        return self._sites.get(key or LOCAL)

    def of_secret(self, secret: str) -> Site | None:
        """Return the site whose server knows `secret`, in a time that tells nothing."""
        found = None
        for site in self._sites.values():
            if site.secret and compare_digest(site.secret.encode(), secret.encode()):
                found = site
        return found

    def admits(self, site: Site, origin: str | None, host: str) -> bool:
        """Tell whether a page of `origin` may use `site`.

        Parameters
        ----------
        site : Site
            One of these.
        origin : str or None
            The Origin header; None is no browser's page, and a program states what it likes.
        host : str
            The Host header. On this machine's own site it must be this machine by name, or a page
            elsewhere could point a name of its own here.
        """
        if site.key == LOCAL and not is_loopback(host):
            return False
        return origin is None or origin in site.origins or self.is_own(origin, host)

    def is_own(self, origin: str, host: str) -> bool:
        """Tell whether `origin` is this server's, whose own pages may use every site.

        That `origin` and `host` agree is not enough: so they do on a page whose owner points a
        name at this server once the page is loaded (DNS rebinding). Addresses cannot be pointed.
        """
        name = _name(host)
        known = name in _THIS_MACHINE or name in self._hosts or _is_address(name)
        return known and origin in {f"http://{host.lower()}", f"https://{host.lower()}"}


def is_loopback(host: str) -> bool:
    """Tell whether a Host header names this machine as it names itself."""
    return _name(host) in _THIS_MACHINE


def _name(host: str) -> str:
    found = _HOST.fullmatch(host.lower())
    return found[1].strip("[]") if found else ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
