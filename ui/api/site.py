"""What a page shows before anything is said: the catalogue's words, and who words the replies.

Owns: ``/site``. Does not own: the sites (`ui.sites`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.state import Tier
from ui.api.callers import CallingSite, Serving

router = APIRouter(tags=["conversation"])


class SiteOut(BaseModel):
    """A site, as the people on it meet it."""

    model_config = ConfigDict(frozen=True)

    key: str
    name: str
    plural: str = Field(description='What is recommended: "products".')
    consumed: str = Field(description='What one does with it: "bought".')
    openers: tuple[str, ...] = Field(description="Example messages; none in another language.")
    llm: Tier
    people: bool = Field(description="Whether a human can be asked for.")


@router.get("/site", response_model=SiteOut)
def read_site(
    site: CallingSite,
    service: Serving,
    language: Annotated[Literal["en", "de", "es", "fr", "zh"], Query()] = "en",
) -> SiteOut:
    """Read what a page of the site shows before anything is said."""
    schema = service.assistant.catalog.schema
    locale = schema.locales.get(language)
    return SiteOut(
        key=site.key,
        name=site.name,
        plural=locale.plural if locale else schema.plural,
        consumed=locale.consumed if locale else schema.consumed,
        openers=() if locale else schema.openers,
        llm=service.assistant.llm.tier,
        people=service.desk is not None,
    )
