"""What ``vouch doctor`` looks at in the web application: where it is embedded, and who takes over.

Owns: `SERVED`. Does not own: the other checks (`assistant.doctor`), or what makes settings wrong
(`ui.sites`, `ui.desk`). Nothing is sent to anybody's webhook.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from assistant.doctor import Probe
from assistant.settings import Settings
from ui.desk import humans_answer
from ui.sites import Site, Sites


def _sites(settings: Settings) -> str:
    sites = Sites.of(settings)
    if not settings.sites:
        return "none ([[sites]] is empty): this machine's own pages and programs only"
    return "; ".join(map(_site, sites.all))


def _site(site: Site) -> str:
    known = "knows its visitors"
    if not site.secret:
        known = "visitors stay anonymous: VOUCH_SITE_SECRETS has no secret for it"
    return f"{site.key} for {', '.join(site.origins)} ({known})"


def _handover(settings: Settings) -> str:
    asked = settings.handover
    if not humans_answer(settings):
        return "off (handover.enabled = false): no human is promised"
    places = ["the console at /console"] if settings.admin_key else []
    if asked.url:
        places.append(f"a signed {asked.form} webhook to {urlsplit(asked.url).hostname}")
    return f"humans answer by {' and '.join(places)}"


SERVED: tuple[Probe[Settings], ...] = (("sites", _sites), ("hand-over", _handover))
"""The probes."""
