"""scripts/check_certificate: checks a certificate's signature without asking anybody."""

import argparse
import json
import pathlib
import sys
from typing import Any

from server.adapters import signer
from server.domain import certificates

GENUINE, FORGED, UNREADABLE = 0, 1, 2


def main(arguments: list[str]) -> int:
    """0 when the signature holds, 1 when it does not (or the name is another), 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="scripts/check_certificate", description="不联网核对一张证书的数字签名。Checks a certificate offline.",
        epilog="证书文件来自 GET /api/v1/certificates/check/编号，公钥文件来自 GET /api/v1/certificates/keys。")
    parser.add_argument("file", type=pathlib.Path, help="核对接口的回答，存成文件")
    parser.add_argument("--key", type=pathlib.Path, required=True, help="公布的公钥（JWK 集合），存成文件")
    parser.add_argument("--name", help="证书上的全名；给了就一并核对")
    asked = parser.parse_args(arguments)
    try:
        answer, keys = (json.loads(path.read_text("utf-8")) for path in (asked.file, asked.key))
        signed, signature, public = answer["certified"], answer["signature"], _public(keys, answer["kid"])
        genuine = signer.holds(public, signature, certificates.canonical(signed))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        print(f"读不懂这两个文件：{fault}", file=sys.stderr)
        return UNREADABLE
    if not genuine:
        print("✕ 签名不对：内容被改过，或者不是用这把钥匙签的。The signature does not hold.")
        return FORGED
    print(f"✓ 签名有效：{signed['number']}，{signed['name']}，{signed['camp']}，{signed['level']}，"
          f"{signed['complete_days']} 天，{signed['issued_on']}，{signed['issuer']}。")
    if asked.name is not None and not certificates.bears_name(signed, asked.name):
        print(f"✕ 但证书上的全名不是“{asked.name}”。The full name is another.")
        return FORGED
    print("  是否被撤销或换发，要联网核对才知道。Whether it was revoked since is only known online.")
    return GENUINE


def _public(keys: dict[str, Any], kid: str) -> str:
    """The public key of that id. Raises KeyError."""
    return {key["kid"]: key["x"] for key in keys["keys"]}[kid]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
