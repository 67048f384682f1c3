"""Settings, read once and frozen. Every fault is named in one message before anything starts."""

import base64
import binascii
import contextlib
import dataclasses
import json
import os
import pathlib
import re
import secrets
from collections.abc import Mapping

ENVIRONMENTS = ("development", "testing", "production")
KEY_BYTES = 32


class BadSettings(Exception):
    """The settings cannot be used; str() names every fault, a line each, in Chinese."""


@dataclasses.dataclass(frozen=True)
class Setting:
    """One row of the settings table in the README: its name, what it falls back to and what it means."""

    name: str
    default: str | None
    meaning: str
    production: bool = False


SETTINGS = (
    Setting("TANGYING_ENV", "development", "development、testing 或 production"),
    Setting("TANGYING_DATA_DIR", "./var", "数据文件夹：SQLite 数据库、开发用的密钥、停住的时钟"),
    Setting("TANGYING_DATABASE_URL", None, "postgresql+psycopg://…；不填就用数据文件夹里的 SQLite"),
    Setting("TANGYING_REDIS_URL", None, "redis://…；填了，各进程共用一份限流计数"),
    Setting("TANGYING_WORKERS", "2", "工作进程数，一个核一个"),
    Setting("TANGYING_HOST", "127.0.0.1", "监听的地址"),
    Setting("PORT", "8000", "监听的端口"),
    Setting("TANGYING_PUBLIC_URL", None, "外面看到的网址，印在证书的二维码里；不填就用监听的地址"),
    Setting("TANGYING_FONTS_DIR", None, "另加的字体文件夹，补上自带字体没有的生僻字"),
    Setting("TANGYING_TOKEN_KEY", None, "签发登录凭证的密钥，32 字节 base64url", production=True),
    Setting("TANGYING_COLUMN_KEYS", None, "列加密密钥，id:key 用逗号隔开，第一把用来写", production=True),
    Setting("TANGYING_INDEX_KEY", None, "盲索引密钥，32 字节 base64url", production=True),
    Setting("TANGYING_SEAL_KEY", None, "审计摘要密钥，32 字节 base64url", production=True),
    Setting("TANGYING_WECHAT_APP_ID", None, "小程序 AppID", production=True),
    Setting("TANGYING_WECHAT_SECRET", None, "小程序 AppSecret", production=True),
    Setting("TANGYING_SMS_URL", None, "短信网关的网址：收 JSON {to, text, key}；不填，正式环境就不发短信"),
    Setting("TANGYING_SMS_TOKEN", None, "短信网关的凭证"),
    Setting("TANGYING_VOICE_URL", None, "语音电话网关的网址，同上；接通了才答 2xx"),
    Setting("TANGYING_VOICE_TOKEN", None, "语音电话网关的凭证"),
    Setting("TANGYING_ACCESS_TOKEN_SECONDS", "7200", "登录凭证有效多少秒"),
    Setting("TANGYING_REFRESH_TOKEN_DAYS", "30", "刷新凭证有效多少天"),
    Setting("TANGYING_SIGN_INS_PER_MINUTE", "60", "每人每分钟最多登录几次"),
    Setting("TANGYING_SIGN_INS_PER_MINUTE_ADDRESS", "1200", "每个网络地址每分钟最多登录几次"),
    Setting("TANGYING_WRITES_PER_MINUTE", "1200", "每人每分钟最多写几次"),
    Setting("TANGYING_EXPORTS_PER_HOUR", "60", "每人每小时最多导出几次"),
    Setting("TANGYING_PHOTOS_PER_PERSON", "1000", "每人最多存几张照片"),
    Setting("TANGYING_QUESTIONS_PER_MINUTE", "60", "每人每分钟最多问几次；紧急的另算，同样多"),
)


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the server runs with. Keys are raw bytes; `column_keys` maps key id to key, the first one writes."""

    env: str
    data_dir: pathlib.Path
    database_url: str
    redis_url: str | None
    workers: int
    host: str
    port: int
    public_url: str
    fonts_dir: str | None
    token_key: bytes = dataclasses.field(repr=False)
    column_keys: Mapping[str, bytes] = dataclasses.field(repr=False)
    index_key: bytes = dataclasses.field(repr=False)
    seal_key: bytes = dataclasses.field(repr=False)
    wechat_app_id: str | None
    wechat_secret: str | None = dataclasses.field(repr=False)
    sms_url: str | None
    sms_token: str | None = dataclasses.field(repr=False)
    voice_url: str | None
    voice_token: str | None = dataclasses.field(repr=False)
    access_token_seconds: int
    refresh_token_days: int
    sign_ins_per_minute: int
    sign_ins_per_minute_address: int
    writes_per_minute: int
    exports_per_hour: int
    photos_per_person: int
    questions_per_minute: int

    @property
    def is_production(self) -> bool:
        """Whether development aids are absent and keys must come from outside."""
        return self.env == "production"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this process. Creates the data folder; in development also its keys. Raises BadSettings."""
    faults = _unknown(environ)
    given = {s.name: environ.get(s.name, "").strip() or s.default for s in SETTINGS}
    env = given["TANGYING_ENV"]
    if env not in ENVIRONMENTS:
        faults.append(f"TANGYING_ENV 是“{env}”，只能是 {'、'.join(ENVIRONMENTS)}。")
    numbers = {name: _positive(name, given[name], faults) for name, default in _numeric()}
    if env == "production":
        missing = [s.name for s in SETTINGS if s.production and not given[s.name]]
        faults.extend(f"{name} 没有设置，正式环境必须有。" for name in missing)
    _check_places(given, faults)
    data_dir = pathlib.Path(given["TANGYING_DATA_DIR"]).expanduser().resolve()
    if not faults:
        _make_folder(data_dir, faults)
    if not faults and env != "production":
        given |= {name: key for name, key in _development_keys(data_dir).items() if given[name] is None}
    keys = {name: _key(name, given.get(name), faults) for name in _KEYS}
    column_keys = _column_keys(given.get("TANGYING_COLUMN_KEYS"), faults)
    if faults:
        raise BadSettings("\n".join(faults))
    return Settings(
        env=env,
        data_dir=data_dir,
        database_url=given["TANGYING_DATABASE_URL"] or f"sqlite:///{data_dir / 'tangying.sqlite'}",
        redis_url=given["TANGYING_REDIS_URL"],
        workers=numbers["TANGYING_WORKERS"],
        host=given["TANGYING_HOST"],
        port=numbers["PORT"],
        public_url=(given["TANGYING_PUBLIC_URL"] or own_url(given["TANGYING_HOST"], given["PORT"])).rstrip("/"),
        fonts_dir=given["TANGYING_FONTS_DIR"],
        token_key=keys["TANGYING_TOKEN_KEY"],
        column_keys=column_keys,
        index_key=keys["TANGYING_INDEX_KEY"],
        seal_key=keys["TANGYING_SEAL_KEY"],
        wechat_app_id=given["TANGYING_WECHAT_APP_ID"],
        wechat_secret=given["TANGYING_WECHAT_SECRET"],
        sms_url=given["TANGYING_SMS_URL"],
        sms_token=given["TANGYING_SMS_TOKEN"],
        voice_url=given["TANGYING_VOICE_URL"],
        voice_token=given["TANGYING_VOICE_TOKEN"],
        access_token_seconds=numbers["TANGYING_ACCESS_TOKEN_SECONDS"],
        refresh_token_days=numbers["TANGYING_REFRESH_TOKEN_DAYS"],
        sign_ins_per_minute=numbers["TANGYING_SIGN_INS_PER_MINUTE"],
        sign_ins_per_minute_address=numbers["TANGYING_SIGN_INS_PER_MINUTE_ADDRESS"],
        writes_per_minute=numbers["TANGYING_WRITES_PER_MINUTE"],
        exports_per_hour=numbers["TANGYING_EXPORTS_PER_HOUR"],
        photos_per_person=numbers["TANGYING_PHOTOS_PER_PERSON"],
        questions_per_minute=numbers["TANGYING_QUESTIONS_PER_MINUTE"],
    )


_KEYS = ("TANGYING_TOKEN_KEY", "TANGYING_INDEX_KEY", "TANGYING_SEAL_KEY")


def own_url(host: str | None, port: int | str | None) -> str:
    """Where a browser on this machine finds the server."""
    here = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if host and ":" in host else host
    return f"http://{here}:{port}"


def _check_places(given: Mapping[str, str | None], faults: list[str]) -> None:
    url, fonts = given["TANGYING_PUBLIC_URL"], given["TANGYING_FONTS_DIR"]
    if url and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        faults.append("TANGYING_PUBLIC_URL 要写成 https://camp.example.org 这样的网址。")
    for name in ("TANGYING_SMS_URL", "TANGYING_VOICE_URL"):
        if given[name] and not re.fullmatch(r"https?://[^\s]+", given[name] or ""):
            faults.append(f"{name} 要写成 https://sms.example.org/send 这样的网址。")
    if fonts and not pathlib.Path(fonts).is_dir():
        faults.append(f"TANGYING_FONTS_DIR 的文件夹 {fonts} 不存在。")


def _numeric() -> list[tuple[str, str]]:
    return [(s.name, s.default) for s in SETTINGS if s.default is not None and s.default.isdigit()]


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {s.name for s in SETTINGS}
    strange = (n for n in environ if n.startswith("TANGYING_") and not n.startswith("TANGYING_TEST_"))
    return [f"{name} 不是我们认识的设置，请检查拼写。" for name in sorted(strange) if name not in known]


def _positive(name: str, text: str | None, faults: list[str]) -> int:
    if text is None or not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**6:
        faults.append(f"{name} 是“{text}”，要填一个大于 0 的整数。")
        return 1
    return int(text)


def _key(name: str, text: str | None, faults: list[str]) -> bytes:
    """The raw key, or a fault when it is not 32 bytes of base64url or looks typed by hand."""
    if text is None:
        return b""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        faults.append(f"{name} 要是 32 个随机字节的 base64url。")
    elif len(set(raw)) < KEY_BYTES // 3:
        # 32 random bytes hold about 30 different values; fewer than 11 is a pattern, not chance.
        faults.append(f"{name} 太弱：看起来不是随机的。")
    return raw


def _column_keys(text: str | None, faults: list[str]) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for pair in (text or "").split(",") if text else []:
        key_id, colon, key = pair.strip().partition(":")
        if not colon or not key_id.isalnum() or len(key_id) > 16 or key_id in keys:
            faults.append("TANGYING_COLUMN_KEYS 要写成 id:key，用逗号隔开，id 是不重复的字母或数字。")
            continue
        keys[key_id] = _key(f"TANGYING_COLUMN_KEYS 里的 {key_id}", key, faults)
    return keys


def _make_folder(data_dir: pathlib.Path, faults: list[str]) -> None:
    try:
        # Readings stand in the database as they are: the folder is its owner's alone.
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        faults.append(f"数据文件夹 {data_dir} 建不起来：{error.strerror}。")


def _development_keys(data_dir: pathlib.Path) -> dict[str, str]:
    """This data folder's own keys, made once. Two starts at once agree on one file: the first link wins."""
    path = data_dir / "development-keys.json"
    if not path.exists():
        made = {name: secrets.token_urlsafe(KEY_BYTES) for name in _KEYS}
        made["TANGYING_COLUMN_KEYS"] = f"dev1:{secrets.token_urlsafe(KEY_BYTES)}"
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        aside.touch(mode=0o600)
        aside.write_text(json.dumps(made), "ascii")
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return json.loads(path.read_text("ascii"))
