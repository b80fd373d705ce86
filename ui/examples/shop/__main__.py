"""Run the example shop: ``python -m ui.examples.shop``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from ui.examples.shop import Shop


def main(
    secret: Annotated[str, typer.Option(help="As in VOUCH_SITE_SECRETS.")],
    port: int = 8000,
    vouch: Annotated[str, typer.Option(help="Where Vouch is.")] = "http://127.0.0.1:7860",
    site: Annotated[str, typer.Option(help="The shop's key.")] = "hearthside",
) -> None:
    """Serve the example shop on this machine until interrupted."""
    shop = Shop(port, site, secret, vouch)
    Console(stderr=True).print(f"The shop is at {shop.origin}/ and expects Vouch at {vouch}")
    shop.serve_forever()


if __name__ == "__main__":
    typer.run(main)
