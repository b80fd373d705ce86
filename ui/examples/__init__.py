"""Pages that show how Vouch is put into other people's sites."""
