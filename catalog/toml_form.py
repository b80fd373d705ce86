"""A pydantic form filled from TOML, with errors that name the file and the keys.

Owns: `read_form`. Does not own: any form (`catalog.schema`, `catalog.locale`).
"""

from __future__ import annotations

import tomllib
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from catalog.errors import SchemaError

Form = TypeVar("Form", bound=BaseModel)


def read_form(form: type[Form], text: str, source: str, what: str) -> Form:
    """Return the `form` written in TOML `text`.

    Parameters
    ----------
    form : type
        A pydantic model.
    text : str
        TOML.
    source, what : str
        Named in errors: the file, and what it should hold.

    Raises
    ------
    SchemaError
        When the TOML is malformed or a key is unknown or missing.
    """
    try:
        return form.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"{source} is not valid TOML: {error}") from error
    except ValidationError as error:
        lines = "; ".join(
            f"{'.'.join(str(part) for part in entry['loc'])}: {entry['msg']}"
            for entry in error.errors()
        )
        raise SchemaError(f"{source} is not a valid {what}: {lines}") from error
