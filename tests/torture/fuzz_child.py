"""`python -m tests.torture.fuzz_child READER SECONDS FOLDER`: one reader, fed by atheris.

The product's code is instrumented when it is imported: nothing above imports it.
"""

from __future__ import annotations

import json
import logging
import random
import sys
from pathlib import Path

from tests.torture.mutations import PIECES, changed, changed_json

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "archive"
_OPTIONS = ("-max_len=20000", "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1")
_MOST_FINDINGS = 20


def fuzz(name: str, seconds: int, folder: Path) -> None:
    """Fuzz one reader. Does not return: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["collector"]):
        from tests.torture.reader_checks import find_reader, problem_of
    logging.disable()
    reader = find_reader(EXAMPLES, name)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(reader.seeds):
        (corpus / str(number)).write_bytes(seed[:20_000])
    known: set[str] = set()

    def read(raw: bytes) -> None:
        problem = problem_of(reader, raw)
        if problem and problem not in known and len(known) < _MOST_FINDINGS:
            known.add(problem)
            (folder / f"finding-{len(known):02}").write_text(json.dumps([problem, raw.hex()]))

    def mutate(raw: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.4 and (other := changed_json(raw, chance)) != raw:
            return other[:most]
        if chance.random() < 0.3:
            return changed(raw, [(chance.random(), chance.random() / 5, chance.choice(PIECES), 1)])[:most]
        return bytes(atheris.Mutate(raw, most))

    options = [*_OPTIONS, f"-max_total_time={seconds}", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], str(corpus), *options], read, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
