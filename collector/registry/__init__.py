"""The distribution API of registries, and Docker Hub's own: the only room that opens sockets.

    client, referrers, hub        what the rest of the program calls
    └── endpoint                  one host: its address, authentication, limits and pace
        ├── auth ─ tokens ─ challenge, credentials
        ├── lane                  how many at once, when to wait, when to give up
        └── redirects ─ http      one request, one answer read within bounds

What a registry says is hostile until it is checked: sizes before reading, digests after, text before it is shown.
"""
