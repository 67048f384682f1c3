"""Where a list goes on: a cursor comes back as it was written, and junk is refused and breaks nothing."""

import base64
import datetime as dt
import json
import uuid
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.cursors import page, read, write
from server.domain.refusals import Refusal

zones = st.sampled_from([dt.UTC, zoneinfo.ZoneInfo("Asia/Shanghai"), dt.timezone(dt.timedelta(hours=-9, minutes=-30))])
instants = st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2200, 1, 1), timezones=zones)
values = {
    "i": st.integers(-2**63, 2**63 - 1),
    "s": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    "u": st.uuids(),
    "d": st.dates(),
    "t": instants,
}
some_keys = st.text("isudt", max_size=4).flatmap(
    lambda kinds: st.tuples(st.just(kinds), st.tuples(*(values[kind] for kind in kinds))))


def packed(anything):
    """A cursor as somebody else would make it."""
    text = anything if isinstance(anything, str) else json.dumps(anything)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(key=some_keys)
def test_a_cursor_comes_back_as_it_was_written(key):
    kinds, written = key
    cursor = write(*written)
    assert read(cursor, kinds) == written
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?#% ")


@given(key=some_keys, kinds=st.text("isudt", max_size=4))
def test_a_cursor_of_one_list_is_junk_to_another(key, kinds):
    if kinds != key[0]:
        with pytest.raises(Refusal, match="cursor_unknown"):
            read(write(*key[1]), kinds)


def test_no_cursor_is_the_beginning():
    assert read(None, "tu") is None


@given(text=st.text(max_size=60), kinds=st.sampled_from(["i", "tu", "itu", "su"]))
def test_any_text_that_is_no_cursor_is_refused(text, kinds):
    with pytest.raises(Refusal, match="cursor_unknown"):
        read(text, kinds)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3))


@given(made_up=json_like, kinds=st.sampled_from(["i", "tu", "itu", "su"]))
def test_a_cursor_that_somebody_made_up_is_refused(made_up, kinds):
    with pytest.raises(Refusal, match="cursor_unknown"):
        read(packed(made_up), kinds)


@pytest.mark.parametrize(("made_up", "kinds"), [
    (["i7", "i8"], "i"), ([], "i"), ("i7", "i"), ({"i": 7}, "i"), (7, "i"), ([7], "i"), ([None], "i"), ([""], "i"),
    # Python reads these as 7; `write` never says so.
    (["i+7"], "i"), (["i 7"], "i"), (["i07"], "i"), (["i0_7"], "i"), (["i７"], "i"), (["i7.0"], "i"), (["i"], "i"),
    # Longer than a database's whole number.
    (["i9223372036854775808"], "i"), (["i" + "9" * 30], "i"), (["i" + "9" * 5000], "i"),
    (["u{00000000-0000-4000-8000-000000000000}"], "u"), (["u" + "0" * 32], "u"), ([["u", "x"]], "u"), ([{"u": 1}], "u"),
    # An instant without a zone, or one that has no place in UTC.
    (["t2026-03-02T08:00:00"], "t"), (["t2026-03-02T08:00:00Z"], "t"), (["t0001-01-01T00:00:00+23:59"], "t"),
    (["t2026-03-02"], "t"), (["t2026-03-02T08:00:00+08:00"], "t"),
    (["d20260302"], "d"), (["d2026-W10-1"], "d"), (["d2026-02-30"], "d"),
    (["s\ud800"], "s"), (["s\0"], "s"), ([["s", "x"]], "s"),
    ("[" * 3000, "i"), ('["i7"', "i"), ('["i7"] ', "i"),
])
def test_a_spelling_that_was_never_written_is_refused(made_up, kinds):
    with pytest.raises(Refusal, match="cursor_unknown"):
        read(packed(made_up), kinds)


@pytest.mark.parametrize("copied", ["{0}=", "{0}A", " {0}", "{0}\n", "{0}{0}"])
def test_a_cursor_that_was_copied_badly_is_refused(copied):
    with pytest.raises(Refusal, match="cursor_unknown"):
        read(copied.format(write(7, uuid.UUID(int=1))), "iu")


@pytest.mark.parametrize(("rows", "limit", "shown", "goes_on_after"), [
    ([], 2, [], None),
    ([1], 2, [1], None),
    ([1, 2], 2, [1, 2], None),
    # One row beyond the page says that there is more, and is not shown.
    ([1, 2, 3], 2, [1, 2], 2),
])
def test_a_page_says_where_to_go_on_only_when_there_is_more(rows, limit, shown, goes_on_after):
    listed = page(rows, limit, view=lambda row: {"row": row}, key=lambda row: (row,))
    assert listed["items"] == [{"row": row} for row in shown]
    assert read(listed["next"], "i") == (goes_on_after and (goes_on_after,))
