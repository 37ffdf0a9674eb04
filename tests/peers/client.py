#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real SPICE client (spice-gtk, without a window) that does what its arguments say.

    client.py URI [--password P] [--ca FILE.pem] [--shot FILE.ppm] [--compression NAME] STEP...

Steps, in order, once the display has a primary surface: quiet (nothing drawn for half a second),
key SCANCODE, motion DX DY, position X Y, click BUTTON, mode client|server, compression NAME,
sleep SECONDS, agent (wait until it has told its capabilities), paste (the guest's text), copy TEXT,
send FILE, resize WIDTH HEIGHT, port NAME TEXT (write it, and wait for as many bytes). While the
guest listens, it hears a square wave. Prints one JSON object a line for each event; exits with 0
when all steps are done, 1 when a channel fails, 2 after the time limit of 40 seconds. Needs
python3-gi and gir1.2-spiceclientglib-2.0.
"""
import ctypes
import json
import sys
import time

import gi

gi.require_version("SpiceClientGLib", "2.0")
from gi.repository import Gio, GLib, GObject, SpiceClientGLib as Spice  # noqa: E402

LIMIT = 40
QUIET = 0.5
COMPRESSIONS = {"off": 1, "auto-glz": 2, "auto-lz": 3, "quic": 4, "glz": 5, "lz": 6, "lz4": 7}
TEXT = 1  # clipboard type
CAP_CLIPBOARD_BY_DEMAND = 5
CHANNELS = {1: "main", 2: "display", 3: "inputs", 4: "cursor", 5: "playback", 6: "record",
            10: "port"}


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Client:
    def __init__(self, arguments):
        self.loop = GLib.MainLoop()
        self.exit_code = 2
        self.shot = None
        self.steps = []
        self.channels = {}
        self.primary = None
        self.drawn_at = time.monotonic()
        self.draws = 0
        self.samples = 0
        self.offered = False
        self.ports = []
        self.port_bytes = b""
        self.sent = 0
        self.pasted = None
        self.copied = None
        self.recorded = 0
        self.recording = None
        self.session = Spice.Session()
        self.session.set_property("enable-usbredir", False)
        self.session.set_property("enable-smartcard", False)
        self.session.set_property("uri", arguments.pop(0))
        while arguments:
            word = arguments.pop(0)
            if word == "--password":
                self.session.set_property("password", arguments.pop(0))
            elif word == "--ca":
                self.session.set_property("ca-file", arguments.pop(0))
            elif word == "--shot":
                self.shot = arguments.pop(0)
            elif word == "--compression":
                self.session.set_property("preferred-compression", COMPRESSIONS[arguments.pop(0)])
            else:
                self.steps.append(word)
        GObject.Object.connect(self.session, "channel-new", self.new_channel)
        GLib.timeout_add_seconds(LIMIT, self.end, 2)

    def run(self):
        if not self.session.connect():
            return 1
        self.loop.run()
        return self.exit_code

    def end(self, code):
        self.exit_code = code
        self.loop.quit()
        return False

    def new_channel(self, _session, channel):
        kind = CHANNELS.get(channel.get_property("channel-type"))
        if kind is None:
            return
        self.channels[kind] = channel

        def on(signal, handler):
            GObject.Object.connect(channel, signal, handler)

        on("channel-event", lambda c, e: self.channel_event(kind, c, e))
        if kind == "display":
            on("display-primary-create", self.primary_created)
            on("display-primary-destroy", self.primary_destroyed)
            on("display-invalidate", self.invalidated)
        if kind == "main":
            on("main-agent-update", lambda c: say("agent", connected=c.get_property("agent-connected")))
            on("main-clipboard-selection-grab", self.guest_copied)
            on("main-clipboard-selection", self.guest_gave)
            on("main-clipboard-selection-request", self.guest_asks)
            on("main-clipboard-selection-release", lambda c, s: say("guest-released"))
            on("main-mouse-update", lambda c: say("mouse-mode", mode=c.get_property("mouse-mode")))
        if kind == "port":
            self.ports.append(channel)
            GObject.Object.connect(channel, "notify::port-opened", self.port_opened)
            on("port-data", self.port_said)
        if kind == "playback":
            on("playback-start", lambda c, f, n, r: say("playback-start", channels=n, rate=r))
            on("playback-data", self.played)
            on("playback-stop", lambda c: say("playback-stop", bytes=self.samples))
            on("notify::volume", self.volume_changed)
            on("notify::mute", lambda c, _p: say("mute", mute=c.get_property("mute")))
            on("notify::min-latency",
               lambda c, _p: say("latency", ms=c.get_property("min-latency")))
        if kind == "record":
            on("record-start", self.record_started)
            on("record-stop", lambda c: self.record_stopped())
        Spice.Channel.connect(channel)

    def channel_event(self, kind, channel, event):
        say("channel", channel=kind, what=event.value_nick)
        fine = (Spice.ChannelEvent.OPENED, Spice.ChannelEvent.CLOSED, Spice.ChannelEvent.SWITCHING,
                Spice.ChannelEvent.NONE)
        if event not in fine:
            self.end(1)

    def primary_created(self, _channel, form, width, height, stride, _shm, data):
        first = self.primary is None and not self.draws
        self.primary = (int(form), width, height, stride, data)
        say("primary", format=int(form), width=width, height=height)
        self.drawn_at = time.monotonic()
        if first:
            self.draws = 1
            steps = self.perform()
            self.next_step(steps)

    def primary_destroyed(self, _channel):
        self.primary = None
        say("primary-destroyed")

    def invalidated(self, _channel, _x, _y, _w, _h):
        self.drawn_at = time.monotonic()
        self.draws += 1

    def port_opened(self, channel, _property):
        say("port", name=channel.get_property("port-name"), opened=channel.get_property("port-opened"))

    def port_said(self, channel, data, size):
        self.port_bytes += ctypes.string_at(data, size)

    def file_sent(self, channel, result):
        try:
            say("file-sent", fine=channel.file_copy_finish(result))
        except GLib.Error as error:
            say("file-sent", fine=False, error=error.message)
        self.sent += 1

    def guest_copied(self, _channel, _selection, types, count):
        self.offered = True
        say("guest-copied", types=count)
        return True

    def guest_gave(self, _channel, _selection, kind, data, size):
        self.pasted = ctypes.string_at(data, size).decode() if size else ""
        say("pasted", kind=kind, text=self.pasted)

    def guest_asks(self, channel, selection, kind):
        say("guest-asks", kind=kind)
        if kind == TEXT and self.copied is not None:
            channel.clipboard_selection_notify(selection, kind, self.copied.encode())
        return True

    def played(self, _channel, _data, size):
        self.samples += size

    # The property is the address of the numbers.
    def volume_changed(self, channel, _property):
        numbers = ctypes.c_uint16 * channel.get_property("nchannels")
        say("volume", volume=list(numbers.from_address(channel.get_property("volume"))))

    # Three tenths of a packet too much each time: what is left over goes with the next.
    def record_started(self, channel, _form, channels, rate):
        say("record-start", channels=channels, rate=rate)
        frames = rate * 13 // 1000
        wave = b"".join((b"\x00\x20" if i // 50 % 2 else b"\x00\xe0") * channels
                        for i in range(frames))
        block = ctypes.create_string_buffer(wave, len(wave))

        def feed():
            now = GLib.get_monotonic_time() // 1000 & 0xffffffff
            channel.send_data(ctypes.addressof(block), len(wave), now)
            self.recorded += len(wave)
            return True

        self.recording = GLib.timeout_add(13, feed)

    def record_stopped(self):
        say("record-stop", bytes=self.recorded)
        if self.recording:
            GLib.source_remove(self.recording)
            self.recording = None

    # Each yield waits for so many seconds.
    def next_step(self, steps):
        try:
            pause = next(steps)
        except StopIteration:
            self.finish()
            return False
        GLib.timeout_add(int(pause * 1000), self.next_step, steps)
        return False

    def perform(self):
        steps = self.steps
        while steps:
            step = steps.pop(0)
            inputs = self.channels.get("inputs")
            if step == "quiet":
                while time.monotonic() - self.drawn_at < QUIET:
                    yield 0.05
            elif step == "sleep":
                yield float(steps.pop(0))
            elif step == "key":
                code = int(steps.pop(0), 0)
                inputs.key_press(code)
                yield 0.05
                inputs.key_release(code)
                yield 0.05
            elif step == "motion":
                inputs.motion(int(steps.pop(0)), int(steps.pop(0)), 0)
                yield 0.02
            elif step == "position":
                inputs.position(int(steps.pop(0)), int(steps.pop(0)), 0, 0)
                yield 0.02
            elif step == "click":
                button = int(steps.pop(0))
                inputs.button_press(button, 1 << (button - 1))
                yield 0.05
                inputs.button_release(button, 0)
                yield 0.05
            elif step == "agent":
                main = self.channels["main"]
                while not main.agent_test_capability(CAP_CLIPBOARD_BY_DEMAND):
                    yield 0.02
            elif step == "paste":
                while not self.offered:
                    yield 0.02
                self.pasted = None
                self.channels["main"].clipboard_selection_request(0, TEXT)
                while self.pasted is None:
                    yield 0.02
            elif step == "copy":
                self.copied = steps.pop(0)
                self.channels["main"].clipboard_selection_grab(0, [TEXT])
                yield 0.3
            elif step == "send":
                before = self.sent
                self.channels["main"].file_copy_async(
                    [Gio.File.new_for_path(steps.pop(0))], Gio.FileCopyFlags.NONE, None, None, None,
                    self.file_sent)
                while self.sent == before:
                    yield 0.02
            elif step == "resize":
                main = self.channels["main"]
                main.update_display_enabled(0, True, False)
                main.update_display(0, 0, 0, int(steps.pop(0)), int(steps.pop(0)), True)
                yield 1.5
            elif step == "port":
                name, text = steps.pop(0), steps.pop(0).encode()
                port = None
                while not port:
                    port = next((p for p in self.ports if p.get_property("port-name") == name and
                                 p.get_property("port-opened")), None)
                    yield 0.02
                wanted = len(self.port_bytes) + len(text)
                port.write_async(text, None, lambda channel, result: channel.write_finish(result))
                while len(self.port_bytes) < wanted:
                    yield 0.02
                say("port-said", text=self.port_bytes.decode())
            elif step == "mode":
                mode = 2 if steps.pop(0) == "client" else 1
                self.channels["main"].request_mouse_mode(mode)
                yield 0.2
            elif step == "compression":
                Spice.DisplayChannel.change_preferred_compression(
                    self.channels["display"], COMPRESSIONS[steps.pop(0)])
                yield 0.1
            else:
                say("unknown step", step=step)
                self.end(1)
                return

    def finish(self):
        read = {kind: channel.get_property("total-read-bytes")
                for kind, channel in self.channels.items()}
        say("done", draws=self.draws, samples=self.samples, recorded=self.recorded,
            read_bytes=read)
        if self.shot and not self.write_shot():
            return self.end(1)
        return self.end(0)

    def write_shot(self):
        if not self.primary:
            say("no primary")
            return False
        form, width, height, stride, data = self.primary
        if form not in (32, 96):
            say("format", format=form)
            return False
        raw = ctypes.string_at(data, stride * height)
        with open(self.shot, "wb") as out:
            out.write(b"P6 %d %d 255\n" % (width, height))
            for y in range(height):
                row = raw[y * stride:y * stride + 4 * width]
                rgb = bytearray(3 * width)
                rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
                out.write(rgb)
        return True


sys.exit(Client(sys.argv[1:]).run())
