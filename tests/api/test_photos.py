"""Photos: made anew, shown to whoever may read the meal, and refused with a code when they are none."""

import concurrent.futures
import dataclasses
import io
import uuid
import zipfile
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from tests.makers import Answer, Person, World, entry, jpeg

NOWHERE = str(uuid.uuid4())


def picture(kind: str, size: tuple[int, int] = (64, 48), **saved: Any) -> bytes:
    """A grey picture in that format."""
    made = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(Image.new("RGB", size, "grey")).save(made)
    else:
        Image.new("RGB", size, "grey").save(made, kind, **saved)
    return made.getvalue()


def send(person: Person, data: bytes, sent_as: str = "image/jpeg", **headers: str) -> Answer:
    """Send a photo."""
    return person.send("/photos", data, sent_as, **headers)


def form_of(data: bytes, name: str = "file", boundary: str = "line") -> tuple[bytes, str]:
    """The form that wx.uploadFile makes of a file, and its media type."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"\r\n\r\n'
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def seen(person: Person, photo_id: str, query: str = "") -> Image.Image:
    """The picture as the person gets it."""
    answer = person.get(f"/photos/{photo_id}{query}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg"), answer.json
    return Image.open(io.BytesIO(answer.json))


def stored(world: World) -> list[Any]:
    """The files in the photos' folder."""
    folder = world.app.extensions["tangying"].settings.data_dir / "photos"
    return [path for path in folder.rglob("*") if path.is_file()]


def swept(world: World) -> int:
    """How many photos the job that is due by now removes."""
    return world.ask("POST", "/dev/run-due", {})["ran"]["sweep_photos"]


@pytest.fixture(autouse=True)
def no_photo_of_the_last_test(world: World) -> None:
    """Files are no rows: the folder is emptied as the database is."""
    for path in stored(world):
        path.unlink()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_of_every_kind_that_phones_make_is_taken_bare_or_in_a_form(world, kind):
    ming = world.person("ming")
    bare = send(ming, picture(kind), f"image/{kind.lower()}")
    form = send(ming, *form_of(picture(kind), name="whatever"))
    assert (bare.status, form.status) == (201, 201), (bare.json, form.json)
    assert seen(ming, bare["id"]).size == seen(ming, form["id"]).size == (64, 48)


def test_where_and_with_what_it_was_taken_is_gone_and_upright_it_stays(world):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Ming"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    sent = jpeg(exif=exif, comment=b"at home")
    assert b"Camera of Ming" in sent
    ming = world.person("ming")
    answer = ming.get(f"/photos/{send(ming, sent)['id']}")
    assert b"Camera of Ming" not in answer.json
    assert b"at home" not in answer.json
    shown = Image.open(io.BytesIO(answer.json))
    assert dict(shown.getexif()) == {}
    assert "comment" not in shown.info
    # Turned by the camera's mark: what was left is now on top.
    assert shown.size == (48, 64)
    red, _, blue = shown.getpixel((24, 8))
    assert red > 200 > 100 > blue


def test_a_scan_of_sixteen_bits_keeps_its_shades(world):
    ming = world.patient("ming")
    for shade, saved in ((20000, {}), (65535, {}), (0, {}), (20000, {"transparency": 7})):
        made = io.BytesIO()
        Image.new("I;16", (64, 48), shade).save(made, "PNG", **saved)
        sent = send(ming, made.getvalue(), "image/png")
        assert seen(ming, sent["id"]).getpixel((9, 9)) == pytest.approx((shade / 257,) * 3, abs=2)


def test_a_large_photo_is_kept_at_the_size_of_a_screen_with_a_thumbnail_beside_it(world):
    ming = world.person("ming")
    photo_id = send(ming, jpeg(4000, 3000))["id"]
    assert seen(ming, photo_id).size == (1600, 1200)
    assert seen(ming, photo_id, "?size=thumbnail").size == (320, 240)
    assert ming.get(f"/photos/{photo_id}?size=huge").status == 422


def test_a_photo_is_sealed_on_the_disk_and_safe_to_open_in_a_browser(world):
    ming = world.person("ming")
    answer = ming.get(f"/photos/{send(ming, jpeg())['id']}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert len(stored(world)) == 2
    assert [path for path in stored(world) if path.read_bytes().find(b"\xff\xd8\xff") >= 0] == []


def bad_pictures() -> dict[str, tuple[bytes, str]]:
    """Files that are refused, each with its code."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("run.sh", "echo")
    moving = io.BytesIO()
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue")]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    moving_png = io.BytesIO()
    frames[0].save(moving_png, "PNG", save_all=True, append_images=frames[1:])
    # A 20,000 by 20,000 picture in a few hundred kilobytes: 400 million pixels that all say the same.
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG", optimize=True)
    wide = io.BytesIO()
    Image.new("1", (65_000, 1_000)).save(wide, "PNG")
    return {
        "nothing": (b"", "photo_unreadable"),
        "text": (b"hello", "photo_unreadable"),
        "gif": (picture("GIF"), "photo_unreadable"),
        "cut_off": (jpeg(800, 600, quality=95)[:4000], "photo_unreadable"),
        "cut_off_png": (picture("PNG", (640, 480))[:60], "photo_unreadable"),
        "cut_off_heic": (picture("HEIF")[:-40], "photo_unreadable"),
        "head_alone": (b"\xff\xd8\xff\xe0", "photo_unreadable"),
        "and_an_archive": (jpeg() + zipped.getvalue(), "photo_unreadable"),
        "and_a_page": (jpeg() + b"<html><SCRIPT>alert(1)</script>", "photo_unreadable"),
        "and_a_document": (jpeg(comment=b"%PDF-1.7 1 0 obj"), "photo_unreadable"),
        "moving": (moving.getvalue(), "photo_animated"),
        "moving_png": (moving_png.getvalue(), "photo_animated"),
        "one_pixel": (picture("PNG", (1, 1)), "photo_size"),
        "400_million_pixels": (bomb.getvalue(), "photo_size"),
        "65_million_pixels": (wide.getvalue(), "photo_size"),
    }


def test_what_is_no_good_picture_is_refused_with_a_code_and_leaves_nothing(world):
    ming = world.person("ming")
    for name, (data, code) in bad_pictures().items():
        answer = send(ming, data, "image/png")
        assert (name, 400 <= answer.status < 500, answer.code) == (name, True, code)
    assert stored(world) == []


def test_a_photo_with_every_byte_somewhere_broken_never_breaks_the_server(world):
    ming = world.person("ming")
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        whole = picture(kind)
        for place in range(0, len(whole), max(1, len(whole) // 25)):
            broken = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1:]
            answer = send(ming, broken, "image/png")
            assert answer.status in (201, 415, 422), (kind, place, answer.json)


def test_what_cannot_be_a_photo_by_its_size_or_its_media_type_is_not_read(world):
    ming = world.person("ming")
    most = 5 * 1024 * 1024
    assert send(ming, b"\0" * (most + 1)).code == "body_too_large"
    assert send(ming, *form_of(b"\0" * (most + 1))).code == "body_too_large"
    assert send(ming, *form_of(b"\0" * most)).code == "photo_unreadable"
    assert send(ming, b"{}", "application/json").code == "unsupported_media_type"
    assert send(ming, b"a=1", "multipart/form-data; boundary=x").code == "invalid"
    assert world.ask("POST", "/photos", raw=jpeg(), sent_as="image/jpeg").code == "unauthenticated"


def test_a_photo_sent_twice_with_one_key_is_one_photo_whatever_its_form_looks_like(world):
    ming = world.person("ming")
    first = send(ming, *form_of(jpeg(), boundary="one"), Idempotency_Key="k")
    again = send(ming, *form_of(jpeg(), boundary="two"), Idempotency_Key="k")
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert send(ming, jpeg(32, 32), Idempotency_Key="k").code == "idempotency_key_reused"


def test_a_photo_alone_is_a_meal_and_seen_by_whoever_may_read_the_meal(world):
    ming, fei = world.patient("ming"), world.person("fei")
    photo_id = send(ming, jpeg())["id"]
    assert world.manager.get(f"/photos/{photo_id}").status == 404
    draft = {name: value for name, value in entry("meal", world.now, photo_id=photo_id).items() if name != "text"}
    filed = ming.post("/entries", draft)
    assert (filed.status, filed["entry"]["photo_id"], filed["entry"]["text"]) == (201, photo_id, None)
    assert ming.post("/entries", draft)["status"] == "identical"
    assert seen(world.manager, photo_id).size == (64, 48)
    assert fei.get(f"/photos/{photo_id}").status == 404
    looks = world.admin.get(f"/audit?about=photo:{photo_id}")["items"]
    assert [(look["verb"], look["actor_id"]) for look in looks if look["verb"] == "photo.read"] == [
        ("photo.read", world.manager.id)]


def test_a_photo_hangs_on_one_entry_of_the_one_who_sent_it(world):
    ming, hong = world.patient("ming"), world.person("hong")
    hong.consent()
    photo_id = send(ming, jpeg())["id"]
    assert hong.file("meal", photo_id=photo_id).code == "photo_unknown"
    assert ming.file("meal", photo_id=NOWHERE).code == "photo_unknown"
    results = ming.post("/entries/sync", {"entries": [
        entry("meal", world.now, photo_id=photo_id), entry("meal", world.now, photo_id=photo_id)]})["results"]
    assert [result["status"] for result in results] == ["created", "invalid"]
    assert results[1]["problem"]["code"] == "photo_unknown"
    assert ming.get("/entries")["items"][0]["photo_id"] == photo_id
    assert len(ming.get("/entries")["items"]) == 1
    assert ming.file("exercise", photo_id=NOWHERE).status == 422


def test_one_photo_and_two_meals_at_one_instant(world):
    ming = world.patient("ming")
    photo_id = send(ming, jpeg())["id"]

    def file(_: int) -> int:
        with world.app.test_client() as client:
            return client.post("/api/v1/entries", json=entry("meal", world.now, photo_id=photo_id),
                               headers={"Authorization": f"Bearer {ming.token}"}).status_code

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(file, range(4))) == [201, 409, 409, 409]


def test_another_photo_takes_the_first_ones_place_and_a_deleted_meal_leaves_none(world):
    ming = world.patient("ming")
    first, second = send(ming, jpeg())["id"], send(ming, jpeg(32, 32))["id"]
    meal = ming.file("meal", photo_id=first)["entry"]["id"]
    assert ming.ask("PATCH", f"/entries/{meal}", {"note": "少油"})["entry"]["photo_id"] == first
    assert ming.ask("PATCH", f"/entries/{meal}", {"photo_id": NOWHERE}).code == "photo_unknown"
    assert ming.ask("PATCH", f"/entries/{meal}", {"photo_id": second})["entry"]["photo_id"] == second
    assert (ming.get(f"/photos/{first}").status, ming.get(f"/photos/{second}").status) == (404, 200)
    ming.ask("DELETE", f"/entries/{meal}")
    assert ming.get(f"/photos/{second}").status == 404
    assert len(stored(world)) == 4
    assert swept(world) == 2
    assert stored(world) == []
    assert swept(world) == 0


def test_a_photo_that_no_meal_ever_named_goes_after_a_week(world):
    ming = world.patient("ming")
    used, left = send(ming, jpeg())["id"], send(ming, jpeg())["id"]
    ming.file("meal", photo_id=used)
    world.clock("2026-03-08T19:00:00+08:00")
    assert swept(world) == 0
    world.clock("2026-03-08T21:00:00+08:00")
    assert swept(world) == 1
    assert (ming.get(f"/photos/{used}").status, ming.get(f"/photos/{left}").status) == (200, 404)


def test_a_person_may_keep_so_many_photos_and_no_more(world, monkeypatch):
    kept = world.app.extensions["tangying"]
    fewer = dataclasses.replace(kept, settings=dataclasses.replace(kept.settings, photos_per_person=2))
    monkeypatch.setitem(world.app.extensions, "tangying", fewer)
    ming = world.person("ming")
    assert [send(ming, jpeg()).status for _ in range(3)] == [201, 201, 409]
    assert send(ming, jpeg()).code == "photos_full"
    assert send(world.person("hong"), jpeg()).status == 201
