"""Docker Hub's own API, which is separate from the registry protocol."""
