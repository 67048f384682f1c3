"""The limit server: the least that a Python server must do for a check-in, and nothing else.

Flask, gunicorn, PyJWT, marshmallow and raw sqlite3 with `synchronous=FULL`. A check-in is four statements in one
transaction: the entry, the ledger line, two standings rows. No log, no metrics, no limiter, no rules: whatever our own
server costs above this one is the price of what it promises. It reads BENCH_DATABASE (a path) and BENCH_KEY when it
is imported, which only gunicorn does: `gunicorn bench.limit_server:app`.
"""
import os
from datetime import UTC, datetime, timedelta, timezone

import jwt
from flask import Flask, Response, jsonify, request
from marshmallow import Schema, ValidationError, fields, validate

from bench.limit_camp import AUDIENCE, CAMP_BOARD, POINTS, WEEK_BOARD, opened

CAMP_ZONE = timezone(timedelta(hours=8))
PLAIN = ("id", "kind", "occurred_at", "recorded_at", "day", "points", "slot", "text", "value", "unit", "activity",
         "minutes", "intensity", "note", "source")
COLUMNS = ", ".join(PLAIN)

INSERT_ENTRY = f"INSERT INTO entries (person_id, {COLUMNS}) VALUES ({', '.join('?' * (len(PLAIN) + 1))})"
INSERT_LINE = "INSERT INTO lines (person_id, entry_id, points, reason, day, at) VALUES (?, ?, ?, ?, ?, ?)"
RAISE_STANDING = ("INSERT INTO standings (board, person_id, score, reached_at) VALUES (?, ?, ?, ?) "
                  "ON CONFLICT (board, person_id) DO UPDATE SET score = score + excluded.score, "
                  "reached_at = excluded.reached_at")
HISTORY = (f"SELECT {COLUMNS} FROM entries WHERE person_id = ? AND occurred_at < ? "
           "ORDER BY occurred_at DESC, id DESC LIMIT ?")
FIRST_PLACES = ("SELECT s.person_id, s.score, p.nickname FROM standings s JOIN people p ON p.id = s.person_id "
                "WHERE s.board = ? ORDER BY s.score DESC, s.reached_at, s.person_id LIMIT ?")
OWN_SCORE = "SELECT score FROM standings WHERE board = ? AND person_id = ?"
AHEAD = "SELECT COUNT(*) FROM standings WHERE board = ? AND score > ?"
HOW_MANY = "SELECT members FROM boards WHERE board = ?"


class EntrySchema(Schema):
    """One entry of any kind, as both servers of the bench are sent it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(sorted(POINTS)))
    occurred_at = fields.AwareDateTime(required=True, format="iso")
    slot = fields.String(load_default=None, validate=validate.Length(max=20))
    text = fields.String(load_default=None, validate=validate.Length(min=2, max=500))
    value = fields.Float(load_default=None, validate=validate.Range(min=0.6, max=1000))
    unit = fields.String(load_default=None, validate=validate.OneOf(["mmol/L", "mg/dL"]))
    activity = fields.String(load_default=None, validate=validate.Length(max=50))
    minutes = fields.Integer(load_default=None, strict=True, validate=validate.Range(min=1, max=600))
    intensity = fields.String(load_default=None, validate=validate.OneOf(["low", "medium", "high"]))
    note = fields.String(load_default=None, validate=validate.Length(max=500))
    source = fields.String(load_default="manual", validate=validate.OneOf(["manual", "meter", "import", "phone"]))


class SyncSchema(Schema):
    """Up to a hundred entries of one person."""

    entries = fields.List(fields.Nested(EntrySchema), required=True, validate=validate.Length(min=1, max=100))


ONE_ENTRY, MANY_ENTRIES = EntrySchema(), SyncSchema()
KEY = os.environ["BENCH_KEY"]
DB = opened(os.environ["BENCH_DATABASE"])
app = Flask(__name__)


def instant_text(moment: datetime) -> str:
    """Return the instant in UTC as RFC 3339 text, which also sorts rightly."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def signed_in_person() -> str:
    """Return the id of the person whose token the request carries; raises jwt.InvalidTokenError."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    claims = jwt.decode(token, KEY, algorithms=["HS256"], audience=AUDIENCE,
                        options={"require": ["exp", "iat", "sub", "aud", "jti"]})
    return claims["sub"]


def write_entry(person_id: str, draft: dict) -> dict:
    """Return the entry as stored. The four statements; the caller opens and commits the transaction."""
    now = instant_text(datetime.now(UTC))
    earned = POINTS[draft["kind"]]
    entry = dict.fromkeys(PLAIN) | draft | {
        "id": str(draft["id"]), "occurred_at": instant_text(draft["occurred_at"]), "recorded_at": now,
        "day": draft["occurred_at"].astimezone(CAMP_ZONE).date().isoformat(), "points": earned}
    DB.execute(INSERT_ENTRY, (person_id, *entry.values()))
    DB.execute(INSERT_LINE, (person_id, entry["id"], earned, entry["kind"], entry["day"], now))
    DB.execute(RAISE_STANDING, (CAMP_BOARD, person_id, earned, now))
    DB.execute(RAISE_STANDING, (WEEK_BOARD, person_id, earned, now))
    return entry


def write_all(person_id: str, drafts: list[dict]) -> list[dict]:
    """Return the entries, stored in one transaction or not at all."""
    DB.execute("BEGIN IMMEDIATE")
    try:
        stored = [write_entry(person_id, draft) for draft in drafts]
        DB.execute("COMMIT")
    except BaseException:
        DB.execute("ROLLBACK")
        raise
    return stored


@app.errorhandler(ValidationError)
def refuse_shape(error: ValidationError) -> tuple[Response, int]:
    """Return 422 for a body of another shape."""
    return jsonify(code="invalid", errors=error.messages), 422


@app.errorhandler(jwt.InvalidTokenError)
def refuse_token(_: jwt.InvalidTokenError) -> tuple[Response, int]:
    """Return 401 for a missing or wrong token."""
    return jsonify(code="unauthenticated"), 401


@app.get("/healthz")
def alive() -> Response:
    """Return a sign of life."""
    return jsonify(alive=True)


@app.post("/api/v1/entries")
def file_entry() -> tuple[Response, int]:
    """Return 201 with the entry as stored and what it earned."""
    person_id = signed_in_person()
    entry = write_all(person_id, [ONE_ENTRY.load(request.get_json())])[0]
    return jsonify(entry=entry, points_earned=entry["points"]), 201


@app.post("/api/v1/entries/sync")
def sync_entries() -> Response:
    """Return what became of each entry; all are stored in one transaction."""
    person_id = signed_in_person()
    stored = write_all(person_id, MANY_ENTRIES.load(request.get_json())["entries"])
    return jsonify(results=[{"id": entry["id"], "status": "created", "entry": entry} for entry in stored])


@app.get("/api/v1/entries")
def list_entries() -> Response:
    """Return one page of the caller's entries, newest first, and the cursor of the next."""
    person_id, limit = signed_in_person(), request.args.get("limit", 20, int)
    rows = DB.execute(HISTORY, (person_id, request.args.get("after", "9999"), limit)).fetchall()
    items = [dict(zip(PLAIN, row, strict=True)) for row in rows]
    return jsonify(items=items, next=items[-1]["occurred_at"] if len(items) == limit else None)


@app.get("/api/v1/leaderboards")
def show_leaderboard() -> Response:
    """Return the first places of the camp board and the caller's own. Equal scores share a rank."""
    person_id, limit = signed_in_person(), request.args.get("limit", 20, int)
    items: list[dict] = []
    for place, (member_id, score, nickname) in enumerate(DB.execute(FIRST_PLACES, (CAMP_BOARD, limit)), start=1):
        rank = items[-1]["rank"] if items and items[-1]["score"] == score else place
        items.append({"rank": rank, "name": nickname, "score": score, "is_me": member_id == person_id})
    mine = DB.execute(OWN_SCORE, (CAMP_BOARD, person_id)).fetchone()[0]
    ahead = DB.execute(AHEAD, (CAMP_BOARD, mine)).fetchone()[0]
    total = DB.execute(HOW_MANY, (CAMP_BOARD,)).fetchone()[0]
    return jsonify(total=total, items=items, me={"rank": ahead + 1, "score": mine}, next=str(len(items)))
