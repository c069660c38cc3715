"""The distribution API of registries, and Docker Hub's own API: the only room that opens sockets.

    client, hub/                  what the rest of the program calls
    └── endpoint                  one registry: its address, its login, its limits, its pace
        ├── auth/                 logins: credentials, tokens, the files of Docker and Podman
        └── transport/            single requests with bounded answers; redirects, retries, rate limits

Quirks of single registries: client (a refused HEAD), auth/login (no request for a login), media_types (wrong media
types), error_answers (bodies of errors), pagination and link_header (lists), pulls (limits of pulls), digest_checks
(digests announced wrongly), transport/retry_after (how long to wait), transport/connections (answers that trickle).

Everything that a registry sends is hostile until it is checked: its size before reading, its digest after reading, text
before it is shown.
"""
