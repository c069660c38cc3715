"""The base images of an archive's images: from annotations if there are some, else from layers and steps."""
