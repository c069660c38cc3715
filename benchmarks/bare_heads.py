"""`python bare_heads.py PORT REPOSITORIES TAGS THREADS`: one HEAD for every tag, and nothing else.

It uses a `requests.Session` in each thread, the minimum with requests.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import requests


def ask(addresses: list[str]) -> None:
    with requests.Session() as session:
        for address in addresses:
            answer = session.head(address, timeout=30)
            assert answer.headers["Docker-Content-Digest"]


def main(port: int, repositories: int, tags: int, threads: int) -> None:
    addresses = [
        f"http://127.0.0.1:{port}/v2/team/app{repository}/manifests/t{tag}"
        for repository in range(repositories)
        for tag in range(tags)
    ]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(ask, [addresses[number::threads] for number in range(threads)]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
