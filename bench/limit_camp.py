"""The limit server's data: its tables, a camp with members in it, and their tokens."""
import random
import secrets
import sqlite3
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

from bench.camps import Camp
from bench.load import Door

AUDIENCE = "bench"
CAMP_BOARD, WEEK_BOARD = "camp", "week"
POINTS = {"meal": 3, "exercise": 6, "glucose": 6}
# As durable as ours: with NORMAL the last commits are lost when the power goes, and the comparison would be unfair.
SETTINGS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
            "PRAGMA busy_timeout = 5000")
TABLES = """
CREATE TABLE people (id TEXT PRIMARY KEY, nickname TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    id TEXT NOT NULL PRIMARY KEY, person_id TEXT NOT NULL REFERENCES people (id), kind TEXT NOT NULL,
    occurred_at TEXT NOT NULL, recorded_at TEXT NOT NULL, day TEXT NOT NULL, points INTEGER NOT NULL,
    slot TEXT, text TEXT, value REAL, unit TEXT, activity TEXT, minutes INTEGER, intensity TEXT, note TEXT,
    source TEXT NOT NULL);
CREATE INDEX entries_of_a_person ON entries (person_id, occurred_at, id);
CREATE TABLE lines (
    id INTEGER PRIMARY KEY, person_id TEXT NOT NULL REFERENCES people (id), entry_id TEXT NOT NULL,
    points INTEGER NOT NULL, reason TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX lines_of_a_person ON lines (person_id, id);
CREATE TABLE standings (
    board TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people (id), score INTEGER NOT NULL,
    reached_at TEXT NOT NULL, PRIMARY KEY (board, person_id)) WITHOUT ROWID;
CREATE INDEX places ON standings (board, score DESC, reached_at, person_id);
CREATE TABLE boards (board TEXT PRIMARY KEY, members INTEGER NOT NULL);
"""


def opened(database: str | Path) -> sqlite3.Connection:
    """Return a connection in autocommit mode, so that a transaction is what we open ourselves."""
    db = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    for setting in SETTINGS:
        db.execute(setting)
    return db


def person_ids(members: int) -> list[str]:
    """Return the ids of the members, the same ones every time."""
    return [str(uuid.uuid5(uuid.NAMESPACE_OID, f"member {number}")) for number in range(members)]


def fill(database: Path, members: int, *, beginners: int) -> None:
    """Make the tables and a camp of so many members; all but the first `beginners` have points already."""
    chance, joined_at = random.Random(members), "2026-03-02T00:00:00+00:00"
    ids = person_ids(members)
    db = opened(database)
    db.executescript(TABLES)
    db.execute("BEGIN")
    db.executemany("INSERT INTO people VALUES (?, ?)", [(one, f"糖友{n:05d}") for n, one in enumerate(ids)])
    for board in (CAMP_BOARD, WEEK_BOARD):
        scores = [chance.randrange(700) if n >= beginners else 0 for n in range(members)]
        db.executemany("INSERT INTO standings VALUES (?, ?, ?, ?)",
                       [(board, one, score, joined_at) for one, score in zip(ids, scores, strict=True)])
        db.execute("INSERT INTO boards VALUES (?, ?)", (board, members))
    db.execute("COMMIT")
    db.close()


def new_key() -> str:
    """Return a fresh signing key of 32 random bytes."""
    return secrets.token_urlsafe(32)


def token(person_id: str, key: str) -> str:
    """Return an access token good for a day, with the claims that ours carries too."""
    now = datetime.now(UTC)
    return jwt.encode({"sub": person_id, "aud": AUDIENCE, "jti": str(uuid.uuid4()), "iat": now,
                       "exp": now + timedelta(days=1)}, key, algorithm="HS256")


def limit_camp(door: Door, key: str, members: int) -> Camp:
    """Return the camp behind a limit server, with a token for each of its first `members`."""
    tokens = [token(one, key) for one in person_ids(members)]
    return Camp(door=door, tokens=tokens, board_path="/api/v1/leaderboards?period=camp&metric=points")
