"""Which images of an archive were built on which: by annotations where there are some, else by layers and steps."""
