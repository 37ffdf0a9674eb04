#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make_seeds.py OUTPUT VECTORS RECORDING...: seeds for the fuzzers, in the form of targets.hpp.

Small messages of every kind that the recordings hold; bodies over 512 bytes are stored compressed
and left out. Of the folder VECTORS (tests/vectors) the small streams of every codec,
and the videos beside it. OUTPUT is
corpus/fuzz, usually.
"""
import hashlib
import json
import pathlib
import sqlite3
import struct
import sys

CHANNELS = {1: "main", 2: "display", 3: "inputs", 4: "cursor", 5: "playback", 6: "record",
            8: "smartcard", 9: "usbredir", 10: "port", 11: "webdav"}
INNER = {1: 0, 9: 1, 11: 2}  # index in message_inner's list of channels
PER_KIND = 3
DEVICE, DRAW_COMMAND, DRAW_TYPE = 240, 6, 17  # the last: where its body says what it draws


def put(folder, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def chunks(stream, side):
    for start in range(0, len(stream), 128):
        piece = stream[start:start + 128]
        yield bytes([(len(piece) - 1) * 2 + side]) + piece


def vectors(output, folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    flags = {"lz_rgb": 0, "lz_plt": 1, "xxxa": 2}
    kinds = {}
    for one in manifest["vectors"]:
        data = (folder / one["encoded"]).read_bytes()
        kind = (one["codec"], one["format"])
        if len(data) > 4096 or max(one["w"], one["h"]) > 256 or kinds.get(kind, 0) >= PER_KIND:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        head = bytes([one["w"] - 1, one["h"] - 1])
        if one["codec"] == "lz":
            palette = b""
            flag = flags["lz_rgb"]
            if one["format"] == "xxxa":
                flag = flags["xxxa"] + (0x81 if one["top_down"] else 0)
            elif one["image_type"] == 100:
                flag = flags["lz_plt"] + 9  # bits 3 to 5: 36 entries; still 1 modulo 3
                palette = bytes(range(36))
            put(output / "lz", head + bytes([flag]) + palette + data)
        elif one["codec"] == "jpeg_alpha":
            put(output / "jpeg_alpha",
                head + bytes([one["flags"]]) + struct.pack("<H", one["jpeg_size"]) + data)
        elif one["codec"] == "bitmap":
            put(output / "bitmap", head + bytes([one["bitmap_format"], 4 * one["top_down"]]) +
                struct.pack("<H", one["stride"]) + data)
        else:
            put(output / one["codec"], head + b"\0" + data)
    for sequence in manifest["glz_sequences"]:
        seed = b""
        for one in sequence["images"][:6]:
            if "encoded" not in one or max(one["w"], one["h"]) > 256:
                continue
            plain = (folder / one["encoded"]).read_bytes()
            seed += bytes([one["w"] - 1, one["h"] - 1, 0]) + struct.pack("<H", len(plain)) + plain
        if seed:
            put(output / "glz", seed)
    for one in manifest["mjpeg"]:
        frame = (folder / one["encoded"]).read_bytes()
        put(output / "video", struct.pack("<BHHH", 1, one["w"] - 1, one["h"] - 1, len(frame)) + frame)


def device_script(drawable):
    """Steps of qxl-model/guest/hostile_guest.cpp: come up with a large surface, push, pause."""
    come_up, push_value, pause = 5, 3, 6
    return (bytes([come_up, 255, 255, 0, push_value]) + struct.pack("<H", len(drawable)) + drawable +
            bytes([0, pause, 20]))


def videos(output, folder):
    """The first frames of real streams, 320 x 240."""
    for codec, name in {2: "vp8", 3: "h264_444", 4: "vp9"}.items():
        pack = (folder / f"{name}.rawpack").read_bytes()
        seed, at = struct.pack("<BHH", codec, 319, 239), 0
        for _ in range(3):
            if at == len(pack):
                break
            size, = struct.unpack_from("<I", pack, at)
            seed += struct.pack("<H", size) + pack[at + 4:at + 4 + size]
            at += 4 + size
        put(output / "video", seed)


def main():
    output = pathlib.Path(sys.argv[1])
    taken = {}
    vectors(output, pathlib.Path(sys.argv[2]))
    videos(output, pathlib.Path(sys.argv[2]).parent / "core/video_frames")
    for path in sys.argv[3:]:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        inner = {}
        drawing = []
        rows = database.execute(
            "SELECT c.channel, c.id, m.direction, m.type, m.body FROM message m JOIN connection c"
            " ON c.id = m.connection WHERE m.body IS NOT NULL ORDER BY m.id")
        for channel, connection, side, kind, body in rows:
            if channel == DEVICE and not side and kind == DRAW_COMMAND:
                key = (channel, body[DRAW_TYPE])
                if taken.get(key, 0) < PER_KIND:
                    taken[key] = taken.get(key, 0) + 1
                    put(output / "device", device_script(body))
            if channel not in CHANNELS:
                continue
            client = 0 if side else 1  # the recording says 1 for the server
            key = (channel, side, kind)
            if taken.get(key, 0) < PER_KIND:
                taken[key] = taken.get(key, 0) + 1
                put(output / f"message_{CHANNELS[channel]}",
                    struct.pack("<BH", client, kind) + body)
                if channel == 2 and not client and (kind == 104 or 302 <= kind <= 318):
                    drawing.append(struct.pack("<HH", kind, len(body)) + body)
            if channel in INNER:
                piece = struct.pack("<BHH", client, kind, len(body)) + body
                inner.setdefault(connection, (INNER[channel], []))[1].append(piece)
        for first, pieces in inner.values():
            put(output / "message_inner", bytes([first]) + b"".join(pieces[:12]))
        for index, one in enumerate(drawing):
            put(output / "canvas", bytes([index % 6]) + one)
        for (connection,) in database.execute("SELECT id FROM connection").fetchall():
            data = b""
            for side, body in database.execute(
                    "SELECT direction, bytes FROM stream_bytes WHERE connection = ? AND kind < 7"
                    " ORDER BY id LIMIT 8", (connection,)):
                data += b"".join(chunks(body, 1 if side else 0))
            if data and taken.get("framer", 0) < 8:
                taken["framer"] = taken.get("framer", 0) + 1
                put(output / "framer", data)


if __name__ == "__main__":
    main()
