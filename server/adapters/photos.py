"""Pictures made anew from what was sent, and kept sealed in files outside the database."""

import dataclasses
import errno
import io
import os
import pathlib
import re
import tempfile
import uuid
import zipfile

import pillow_heif
from PIL import Image, ImageOps

from server.adapters.secrets import Cipher
from server.domain.photos import LEAST_SIDE_PIXELS, MOST_PIXELS, SIZES
from server.domain.refusals import Refusal

pillow_heif.register_heif_opener(thumbnails=False)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY = 82
# A file that is a picture to us and a page, a program or an archive to whoever gets it elsewhere.
_PAGE = re.compile(rb"<(?:script|html|svg|\?php|!doctype)", re.IGNORECASE)
_PDF_BEGINS_WITHIN_BYTES = 1024


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture made anew, as JPEG in each of SIZES; its width and height in pixels are those of the full one."""

    files: dict[str, bytes]
    width: int
    height: int


def remake(data: bytes) -> Picture:
    """The picture as pixels alone, upright, without a word of what the camera wrote beside them (place, time, owner).

    Raises photo_unreadable, photo_animated, photo_size.
    """
    if _PAGE.search(data) or b"%PDF-" in data[:_PDF_BEGINS_WITHIN_BYTES] or _is_archive(data):
        raise Refusal("photo_unreadable")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as sent:
            return _remake(sent)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal("photo_size") from None
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 decoders of broken files fail in every way there is, and each means the same here
        raise Refusal("photo_unreadable") from None


def _is_archive(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def _remake(sent: Image.Image) -> Picture:
    if min(sent.size) < LEAST_SIDE_PIXELS or sent.width * sent.height > MOST_PIXELS:
        raise Refusal("photo_size")
    # A telephone's JPEG or HEIC may hold a second picture (depth, brightness): the first one is what was taken.
    if sent.format in ("PNG", "WEBP") and getattr(sent, "is_animated", False):
        raise Refusal("photo_animated")
    # A JPEG is decoded at a fraction of its size where that is enough: less time and less memory.
    sent.draft("RGB", (SIZES["full"], SIZES["full"]))
    upright = _on_white(ImageOps.exif_transpose(_in_8_bits(sent)))
    files = {}
    for size, side in SIZES.items():
        shown = upright.copy()
        shown.thumbnail((side, side), Image.Resampling.LANCZOS)
        made = io.BytesIO()
        # Nothing is handed on but pixels: no EXIF, no XMP, no colour profile, no comment.
        shown.info.clear()
        shown.save(made, "JPEG", quality=QUALITY, optimize=True)
        files[size] = made.getvalue()
        if size == "full":
            width, height = shown.size
    return Picture(files, width, height)


def _in_8_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits in 8, every shade at its place; converting alone would cut it off at 255 and leave it white."""
    if not image.mode.startswith("I"):
        return image
    grey = image.convert("I").point(lambda level: level / 257).convert("L")
    grey.info.pop("transparency", None)
    return grey


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in RGB; what is transparent becomes white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layers = image.convert("RGBA")
    white = Image.new("RGBA", layers.size, "white")
    white.alpha_composite(layers)
    return white.convert("RGB")


class Photos:
    """Sealed pictures in a folder: one file a size, named by the photo's id, under two letters of it."""

    def __init__(self, folder: pathlib.Path, cipher: Cipher) -> None:
        self._folder, self._cipher = folder, cipher

    def put(self, photo_id: uuid.UUID, picture: Picture) -> None:
        """Keep the picture: when this returns it is on disk. Raises disk_full."""
        try:
            for size, data in picture.files.items():
                self._write(self._path(photo_id, size), self._cipher.seal(data, _context(photo_id, size)))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                self.remove(photo_id)
                raise Refusal("disk_full") from None
            raise

    def get(self, photo_id: uuid.UUID, size: str) -> bytes | None:
        """The picture as JPEG, None when there is no such file."""
        try:
            sealed = self._path(photo_id, size).read_bytes()
        except FileNotFoundError:
            return None
        return self._cipher.open(sealed, _context(photo_id, size))

    def remove(self, photo_id: uuid.UUID) -> None:
        """Leave nothing of the photo; nothing happens when there is nothing."""
        for size in SIZES:
            self._path(photo_id, size).unlink(missing_ok=True)

    def _path(self, photo_id: uuid.UUID, size: str) -> pathlib.Path:
        return self._folder / photo_id.hex[:2] / f"{photo_id}.{size}"

    def _write(self, path: pathlib.Path, data: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and moved into place, so that a crash leaves the whole file or none.
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        try:
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, path)
        except BaseException:
            pathlib.Path(aside).unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _context(photo_id: uuid.UUID, size: str) -> bytes:
    """What a sealed file is bound to: moved under another name it does not open."""
    return f"photos:{photo_id}:{size}".encode()
