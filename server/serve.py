"""The start of `scripts/run`: prepares the database, says where it listens and becomes gunicorn."""

import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import NoReturn

from sqlalchemy import make_url

from server.config import BadSettings, Settings, own_url, read_settings

INTERRUPTED = 130


def main(environ: Mapping[str, str]) -> int:
    """The exit code of a start that did not come to serving; a start that did never returns."""
    try:
        settings = read_settings(environ)
    except BadSettings as faults:
        print(f"糖营没有启动，请先改好这些设置：\n{faults}", file=sys.stderr)
        return 2
    taken = why_not_listen(settings.host, settings.port)
    if taken:
        print(taken, file=sys.stderr)
        return 2
    code = prepare_database()
    if code == 0:
        print(welcome(settings), flush=True)
        become_gunicorn()
    return code


def become_gunicorn() -> NoReturn:
    """Nothing: gunicorn takes this process's place, so that signals reach it without a middleman."""
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", "python:server.gunicorn_config"])


def why_not_listen(host: str, port: int) -> str | None:
    """A sentence saying why nobody can listen there, or None when it is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does it: a port that a stopped server has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"端口 {port} 已经有程序在用。换一个再来，例如：PORT={port + 1} scripts/run"
            return f"不能在 {host} 的端口 {port} 上监听：{error.strerror}。请换一个 PORT 或 TANGYING_HOST。"
        except OverflowError:
            return f"PORT 是 {port}，端口只能是 1 到 65535。"
    return None


def prepare_database() -> int:
    """The exit code of bringing the database up to date, done in a process of its own to spare the workers' memory.

    Its process group is its own too: Ctrl-C reaches us alone, and we ask it to stop instead of tearing at it.
    """
    child = subprocess.Popen([sys.executable, "-m", "server.prepare"], stdin=subprocess.DEVNULL, process_group=0)
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGTERM)
        child.wait()
        return INTERRUPTED


def welcome(settings: Settings) -> str:
    """Where it listens, how to sign in, where the data lie and how to stop, in plain words."""
    base = own_url(settings.host, settings.port)
    lines = ["", f"糖营已经开门：{base}      Tangying listens here.", "", f"  接口说明  {base}/api/v1/docs"]
    if not settings.is_production:
        lines += _how_to_sign_in(base)
    elif settings.public_url == own_url(settings.host, settings.port):
        lines.append("  请注意    没有填 TANGYING_PUBLIC_URL：证书上的二维码扫了打不开")
    lines += [f"  数据      {where_data_lie(settings)}", "  停止      按 Ctrl-C（Press Ctrl-C to stop）", ""]
    return "\n".join(lines)


def _how_to_sign_in(base: str) -> list[str]:
    return [
        f"  登录      curl -s {base}/api/v1/session -H 'Content-Type: application/json' \\",
        "                 -d '{\"code\": \"dev:admin\"}'",
        "            dev:admin 是示范医院的管理员，dev:manager 是健康管理师，dev:任意名字 是一位新糖友",
        "            回答里的 access_token 放进请求头：Authorization: Bearer <access_token>",
    ]


def where_data_lie(settings: Settings) -> str:
    """The data folder, and the database where it is not in there, without its password."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return f"{settings.data_dir}（SQLite）"
    return f"{url.render_as_string(hide_password=True)}；密钥等在 {settings.data_dir}"


if __name__ == "__main__":
    try:
        sys.exit(main(os.environ))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
