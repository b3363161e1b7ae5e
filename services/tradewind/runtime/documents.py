"""What routes are asked for and answer with: documents, each with an example that its description shows."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """Base of the documents of a service's routes. Members that nobody described are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def example(**members: Any) -> ConfigDict:
    """Return the configuration of a document that is shown with these members."""
    return ConfigDict(json_schema_extra={"examples": [members]})


def examples_of(kind: type[BaseModel] = Document) -> dict[str, Any]:
    """Return the examples of every document by its name, nulls included."""
    found = {}
    for document in kind.__subclasses__():
        extra = document.model_config.get("json_schema_extra")
        if isinstance(extra, dict) and "examples" in extra:
            found[document.__name__] = extra["examples"]
        found.update(examples_of(document))
    return found
