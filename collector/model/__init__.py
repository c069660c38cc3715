"""The values of registries, independent of network, disk and markup."""
