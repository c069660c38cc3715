"""Asking registries what tags point at now, and writing down what the archive has not seen before."""
