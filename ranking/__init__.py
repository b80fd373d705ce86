"""(request, candidates) -> scored, explained order: models, terms, blend, diversity."""
