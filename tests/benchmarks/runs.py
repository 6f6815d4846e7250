"""A seeded corpus of Runs of about 5.6 KB each: `python tests/benchmarks/runs.py COUNT BROKEN_PERCENT > runs.ndjson`."""

import json
import random
import sys
from collections.abc import Iterator

WORDS = (
    "table",
    "agent",
    "for",
    "two",
    "please",
    "booked",
    "the",
    "caller",
    "evening",
    "score",
    "café",
    "18:00",
    "no",
    "yes",
)


def _prose(draw: random.Random, size: int) -> str:
    return " ".join(draw.choices(WORDS, k=size))


def run(draw: random.Random) -> dict:
    """One valid Run."""
    turn = draw.randint(0, 9)
    return {
        "id": draw.randint(1, 10**7),
        "scenario": draw.choice([None, draw.randint(1, 500)]),
        "scenario_name": _prose(draw, 3),
        "personality": draw.randint(1, 40),
        "personality_name": _prose(draw, 2),
        "agent": draw.randint(1, 90),
        "result_id": draw.randint(1, 10**6),
        "expected_outcome_prompt": _prose(draw, 20),
        "expected_outcome": {
            "score": draw.choice([87.5, 100, 0.25]),
            "explanation": [_prose(draw, 12) for _ in range(3)],
            "outcome_alignments": [
                {"outcome": _prose(draw, 6), "prompt_part": _prose(draw, 4), "aligned": draw.random() < 0.8}
                for _ in range(4)
            ],
        },
        "evaluation": {
            "metrics": [
                {
                    "id": draw.randint(1, 99),
                    "name": _prose(draw, 2),
                    "type": "numeric",
                    "score": draw.random() * 5,
                    "enum": "",
                    "value": "",
                    "explanation": [_prose(draw, 14)],
                    "extra": {"source": "judge"},
                }
                for _ in range(5)
            ]
        },
        "transcript": _prose(draw, 120),
        "transcript_object": [
            {
                "role": draw.choice(["Testing Agent", "Main Agent"]),
                "content": _prose(draw, 14),
                "timestamp": at + turn / 10,
            }
            for at in range(12)
        ],
        "duration": f"{draw.randint(0, 9):02}:{draw.randint(0, 59):02}",
        "voice_recording_url": f"https://recordings.example.com/{draw.randint(1, 10**7)}.wav",
        "email_id": draw.choice([None, f"caller{draw.randint(1, 999)}@example.com"]),
        "status": draw.choice(["completed", "failed", "running"]),
        "metadata": {"source": "nightly", "attempt": draw.randint(1, 4)},
        "success": draw.random() < 0.7,
        "timestamp": f"2026-01-{draw.randint(1, 28):02}T09:{draw.randint(0, 59):02}:12.{draw.randint(0, 999999):06}Z",
        "executed_at": draw.choice([None, "2026-01-15T09:28:12Z"]),
        "outbound_number": "+15550100",
        "critical_categories": [
            {
                "category_id": 2,
                "category": "Interruption",
                "deviation": 0.25,
                "wrongly_marked": False,
                "feedback": "",
                "priority": "non-critical",
            }
        ],
        "error_message": "",
        "run_as_text": False,
        "test_profile_data": {"id": 7, "name": "Regular guest", "information": {"user_name": _prose(draw, 1)}},
        "run_type": draw.choice([None, "voice"]),
    }


def broken(draw: random.Random, record: dict) -> dict:
    """`record` broken in one of assorted ways."""
    kind = draw.randrange(6)
    if kind == 0:
        del record[draw.choice(["id", "transcript", "status"])]
    elif kind == 1:
        record["status"] = "paused"
    elif kind == 2:
        record["timestamp"] = "2026-01-15 09:30:00"
    elif kind == 3:
        record["transcript_object"][3]["timestamp"] = "1.2"
    elif kind == 4:
        record["evaluation"]["metrics"][0]["score"] = None
    else:
        record["id"] = str(record["id"])
    return record


def lines(count: int, percent: float, seed: int = 1) -> Iterator[bytes]:
    """`count` Runs as JSON lines, `percent` of them broken, the same for the same seed."""
    draw = random.Random(seed)
    for _ in range(count):
        record = run(draw)
        if draw.random() * 100 < percent:
            record = broken(draw, record)
        yield json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.writelines(lines(int(sys.argv[1]), float(sys.argv[2])))
