"""Publishing: the files of a repository that collects and publishes itself, and what to send to the host of a site."""
