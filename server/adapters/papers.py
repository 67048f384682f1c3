"""Papers: PDFs and pictures, set by a press in a process of its own.

typst keeps what it has read; in a worker that memory would stay for good. The press is started when it is first
needed, ends with us (its input closes) and is replaced after so many papers, so its memory stays flat as well.
"""

import atexit
import contextlib
import json
import select
import subprocess
import sys
import threading
from typing import Any

PAPERS_A_PRESS = 1000
# A paper takes 15 to 35 ms; whoever waited this long waits for nothing.
PATIENCE_SECONDS = 20
_LENGTH_BYTES = 8


class PaperFailed(Exception):
    """The paper could not be set; the press said why on standard error."""


class Papers:
    """Sets papers, one at a time. `fonts_dir` is a folder of more fonts for characters that the shipped ones lack."""

    def __init__(self, fonts_dir: str | None = None) -> None:
        self._fonts_dir = fonts_dir
        self._one_at_a_time = threading.Lock()
        self._press: subprocess.Popen[bytes] | None = None
        self._set = 0
        atexit.register(self.close)

    def pdf(self, template: str, facts: dict[str, Any]) -> bytes:
        """The paper of that template (server/papers) as PDF, its fonts embedded. Raises PaperFailed."""
        return self._ask(template, "pdf", facts)

    def png(self, template: str, facts: dict[str, Any]) -> bytes:
        """The paper as a picture, one pixel a point. Raises PaperFailed."""
        return self._ask(template, "png", facts)

    def close(self) -> None:
        """Let the press go."""
        if self._press is not None:
            with contextlib.suppress(OSError):  # what a dead press was told is lost with it
                self._press.stdin.close()
            try:
                self._press.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._press.kill()
                self._press.wait()
            self._press.stdout.close()
            self._press, self._set = None, 0

    def _ask(self, template: str, form: str, facts: dict[str, Any]) -> bytes:
        line = json.dumps({"template": template, "format": form, "facts": facts}, ensure_ascii=False).encode() + b"\n"
        with self._one_at_a_time:
            if self._set >= PAPERS_A_PRESS:
                self.close()
            try:
                paper = self._exchange(line)
            except OSError:
                # The press has died since it was last used; a new one has one try.
                self.close()
                paper = self._exchange(line)
        if not paper:
            raise PaperFailed(template)
        return paper

    def _exchange(self, line: bytes) -> bytes:
        if self._press is None:
            command = [sys.executable, "-m", "server.adapters.press", *([self._fonts_dir] if self._fonts_dir else [])]
            self._press = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._press.stdin.write(line)
        self._press.stdin.flush()
        if not select.select([self._press.stdout], [], [], PATIENCE_SECONDS)[0]:
            self._press.kill()
            raise PaperFailed("the press does not answer")
        head = self._press.stdout.read(_LENGTH_BYTES)
        paper = self._press.stdout.read(int.from_bytes(head, "big")) if len(head) == _LENGTH_BYTES else b""
        self._set += 1
        if len(head) < _LENGTH_BYTES:
            raise BrokenPipeError("the press has ended")
        return paper
