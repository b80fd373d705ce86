"""Whether explanations are true: of the score, of the catalogue and of the person."""
