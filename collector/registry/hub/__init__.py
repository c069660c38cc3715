"""Docker Hub's own API, beside the registry protocol."""
