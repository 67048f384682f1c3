"""Column types: instants in UTC, tenths without floats, sealed text."""

import datetime as dt
from decimal import Decimal
from typing import Any, Protocol

import orjson
import sqlalchemy as sa


class Cipher(Protocol):
    """What seals columns: server.adapters.secrets.Cipher, handed in by the composition root."""

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """The sealed bytes; they open only with the same context."""

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes."""

    def blind_index(self, plain: str, context: str) -> bytes:
        """A keyed digest by which an equal value is found without opening any."""


class Keyring:
    """Holds the cipher of this process, because a column type is made long before the settings are read."""

    def __init__(self) -> None:
        self._cipher: Cipher | None = None

    def use(self, cipher: Cipher) -> None:
        """Seal and open with this cipher from now on."""
        self._cipher = cipher

    @property
    def cipher(self) -> Cipher:
        """The cipher in use. Raises RuntimeError before `use`."""
        if self._cipher is None:
            raise RuntimeError("no cipher: server.app.create_app hands one in")
        return self._cipher


KEYRING = Keyring()


class UTCDateTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware instant, stored in UTC. SQLite forgets zones, so a naive value is refused on the way in."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """The instant in UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """The instant as an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Tenths(sa.types.TypeDecorator[Decimal]):
    """A Decimal with one decimal, kept as a whole number of tenths: exact on every database, and it can be compared."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        """The number of tenths. Raises ValueError when more than one decimal would be lost."""
        if value is None:
            return None
        tenths = value * 10
        if tenths != int(tenths):
            raise ValueError("more than one decimal")
        return int(tenths)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        """The Decimal again."""
        return None if value is None else Decimal(value) / 10


class Sealed(sa.types.TypeDecorator[Any]):
    """Encrypted text or JSON. `context` names the column, so that a sealed value moved to another does not open."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, context: str, *, as_json: bool = False) -> None:
        super().__init__()
        self.context = context
        self.as_json = as_json

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        """The sealed bytes."""
        if value is None:
            return None
        plain = orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z) if self.as_json else value.encode()
        return KEYRING.cipher.seal(plain, self.context.encode())

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        """The plain value again."""
        if value is None:
            return None
        plain = KEYRING.cipher.open(bytes(value), self.context.encode())
        return orjson.loads(plain) if self.as_json else plain.decode()


def _plain(value: Any) -> int | float:
    """A Decimal as the JSON number it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def blind_index(value: str, context: str) -> bytes:
    """The keyed digest of a value by which a sealed column is looked up."""
    return KEYRING.cipher.blind_index(value, context)
