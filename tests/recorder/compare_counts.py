#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares `spicebench stats FILE --json` with the counts.json of a capture.

    compare_counts.py STATS.json COUNTS.json

Prints each difference in message counts or stream bytes, by connection and side. Exit code 0: the
same; 1: different; 2: the files cannot be read. Bytes are those of the SPICE stream: what the truth
says of a connection inside WebSocket, where it counted heads and frames too, is computed anew.
"""
import json
import sys

# The protocol's names of what the counter of the truth calls otherwise, on port and webdav.
PORT_NAMES = {"init": "port_init", "event": "port_event"}


def named(counts, channel):
    if channel not in ("port", "webdav"):
        return counts
    return {PORT_NAMES.get(name, name): number for name, number in counts.items()}


def spice_bytes(expected):
    """Bytes of the SPICE stream of each side."""
    if "websocket" not in expected:
        return {"client": expected["bytes_c2s"], "server": expected["bytes_s2c"]}

    def words(side):
        return sum(len(expected[side + "_caps"][kind]) for kind in ("common", "channel"))

    # Link header, LinkMess or LinkReply, capability words; mechanism and ticket, or the result.
    return {"client": 16 + 18 + 4 * words("client") + 4 + 128 + sum(expected["c2s_bytes"].values()),
            "server": 16 + 178 + 4 * words("server") + 4 + sum(expected["s2c_bytes"].values())}


def same_stream(got, expected):
    return (got["channel"] == expected.get("channel")
            and got["channel_id"] == expected["channel_id"]
            and got["bytes"] == spice_bytes(expected))


def differences(stats, counts):
    """Lines of text, one a difference."""
    left = list(stats["connections"])
    for expected in counts["raw"]["connections"]:
        where = f"{expected.get('channel')}/{expected.get('channel_id')}"
        got = next((one for one in left if same_stream(one, expected)), None)
        if got is None:
            yield where + ": no such connection with these bytes in the recording"
            continue
        left.remove(got)
        if got["link_error"] != expected["link_error"]:
            yield f"{where}: link_error {got['link_error']}, expected {expected['link_error']}"
        for side, key in (("client", "c2s"), ("server", "s2c")):
            wanted = named(expected.get(key, {}), expected["channel"])
            found = got["messages"][side]
            for name in sorted(set(wanted) | set(found)):
                if wanted.get(name) != found.get(name):
                    yield (f"{where} {side} {name}: {found.get(name, 0)}, "
                           f"expected {wanted.get(name, 0)}")
    for got in left:
        yield f"{got['channel']}/{got['channel_id']}: not in the truth"


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        stats, counts = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
    except (OSError, ValueError) as why:
        print(why, file=sys.stderr)
        return 2
    found = list(differences(stats, counts))
    for text in found:
        print(text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
