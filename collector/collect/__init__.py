"""The collector: asks registries what tags point at now, and adds what is new to the archive."""
