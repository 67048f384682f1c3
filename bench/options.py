"""What `scripts/bench` can be asked. Standard library only, so that --help needs no environment."""
import argparse
from pathlib import Path

WORKS = ("file", "history", "board", "unchanged", "sync", "large")
MOST_ROUNDS = 10  # a camp has 28 days, and the rounds use them up
ABOUT = """\
量一量糖营每次请求要用多少 CPU，与一台只做最少事情的“极限服务器”交替着比。
Measures the CPU that a request costs, in alternating rounds against the barest server doing the same work.

Both run here, side by side, on free ports of the loopback, with one worker, one thread and the same amount of data in
a temporary folder, both with synchronous=FULL. Only ratios mean something; a row whose A/A figure (the limit server
against its twin) leaves 0.9 to 1.1 is void. Exit code: 0 every promise kept, 1 one is not, 3 a row is void.
"""


def parser() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    words = argparse.ArgumentParser("scripts/bench", description=ABOUT,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true", help="短跑：3 轮，每轮 100 次  3 rounds of 100 requests")
    words.add_argument("--long", action="store_true",
                       help="再发一万次请求，量内存  also 10,000 requests, then the memory of a worker")
    words.add_argument("--rounds", type=int, default=7, metavar="N", help=f"轮数 rounds, 1 to {MOST_ROUNDS} (7)")
    words.add_argument("--requests", type=int, default=300, metavar="N",
                       help="每轮请求数 requests a round, 10 to 300 (300)")
    words.add_argument("--only", choices=WORKS, action="append", metavar="WORK",
                       help=f"只量这些  only these: {', '.join(WORKS)}; may be given again")
    words.add_argument("--papers", nargs="?", type=int, const=200, metavar="N",
                       help="不比较，量 N 张证书的打印与导出  no comparison: printing and exporting N certificates (200)")
    words.add_argument("--aa", action="store_true",
                       help="只让极限服务器与自己比  the limit server alone, against itself")
    words.add_argument("--json", type=Path, metavar="FILE", help="另存为 JSON  also write every figure to a file")
    words.add_argument("--profile", choices=WORKS[:-1], metavar="WORK",
                       help="不比较，看我们把时间花在哪里  no comparison: where our own time goes in this work")
    return words


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return what was asked, checked; leaves with a sentence when it makes no sense."""
    words = parser()
    options = words.parse_args(arguments)
    if not 1 <= options.rounds <= MOST_ROUNDS:
        words.error(f"--rounds: 1 to {MOST_ROUNDS}")
    if not 10 <= options.requests <= 300:
        words.error("--requests: 10 to 300")
    if options.quick:
        options.rounds, options.requests = min(options.rounds, 3), min(options.requests, 100)
    return options


if __name__ == "__main__":
    parser().parse_args()
