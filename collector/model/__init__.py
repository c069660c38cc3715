"""Pure values: what a registry can say, with no knowledge of network, disk or markup."""
