"""照片: sent with a meal, seen by whoever may read it."""

from server.api.contract import Upload, Word
from server.api.views import Choice, Id, Schema, View
from server.domain.photos import MOST_BYTES, SIZES
from server.services import photos as service

word = Word("photos", "照片")
PICTURE = Upload("photo", ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"), MOST_BYTES)


class PhotoView(View):
    """The new photo, to be named by an entry."""

    id = Id()


class SizeQuery(Schema):
    """The whole picture, or a small one."""

    size = Choice(tuple(SIZES), load_default="full")


@word.does("POST", "/photos", takes=PICTURE, gives=PhotoView, status=201,
           refusals=("photo_unreadable", "photo_animated", "photo_size", "photos_full"))
def add(call, body):
    """传一张照片：重新编码，去掉拍摄地点"""
    return service.add(call, body)


@word.does("GET", "/photos/<uuid:photo_id>", asks=SizeQuery, gives="image/jpeg")
def show(call, photo_id, query):
    """一张照片"""
    return service.show(call, photo_id, query["size"])
