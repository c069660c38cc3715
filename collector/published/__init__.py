"""A published site as a source for look-ups: its JSON has the same facts as the archive that it was built from."""
