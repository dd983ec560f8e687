"""Supplies for the `sinstruments` server: good ones after the makers' manuals, and hostile ones.

A Korad's commands have no line ends: what one read gives is one command. A Rigol answers lines. The hostile kinds spoil the answers to
measurements only, so that what a driver makes of them can be told apart from what it makes of a dead line."""

import random

import gevent
from sinstruments.simulator import BaseDevice, MessageProtocol

LOAD_OHM = 24.0


class Output:
    """What any supply has."""

    def __init__(self):
        self.volts = 0.0
        self.amps = 0.0
        self.on = False

    def measured(self):
        return (self.volts, self.volts / LOAD_OHM) if self.on else (0.0, 0.0)


class KoradProtocol(MessageProtocol):
    def read_messages(self):
        while True:
            message = self.transport.read1(self.channel, 64)
            if not message:
                return
            yield message


class KA3005P(BaseDevice):
    """A Korad KA3005P with its stray byte after ISET1?. kind: good, noise (72 bytes), ok (answers settings), late (700 ms)."""

    protocol = KoradProtocol

    def __init__(self, name, **options):
        self.kind = options.pop("kind", "good")
        super().__init__(name, **options)
        self.output = Output()

    def handle_message(self, message):
        answer = self.answer(message.decode("ascii", "replace").strip())
        if message.startswith(b"VOUT1?"):
            if self.kind == "noise":
                return bytes(random.randrange(128, 256) for _ in range(72))
            if self.kind == "late":
                gevent.sleep(0.7)
        if answer is None and self.kind == "ok":
            return b"OK"
        return answer

    def answer(self, command):
        output = self.output
        volts, amps = output.measured()
        answers = {
            "*IDN?": b"KORADKA3005PV2.0",
            "VSET1?": b"%05.2f" % output.volts,
            "ISET1?": b"%05.3fK" % output.amps,
            "VOUT1?": b"%05.2f" % volts,
            "IOUT1?": b"%05.3f" % amps,
            "STATUS?": bytes([0x01 | (0x40 if output.on else 0)]),
        }
        if command in answers:
            return answers[command]
        if command.startswith("VSET1:"):
            output.volts = float(command[6:])
        elif command.startswith("ISET1:"):
            output.amps = float(command[6:])
        elif command in ("OUT0", "OUT1"):
            output.on = command == "OUT1"
        return None


class DP832(BaseDevice):
    """A Rigol DP832. kind: good, split (byte by byte), noise, ok, late (1500 ms)."""

    def __init__(self, name, **options):
        self.kind = options.pop("kind", "good")
        super().__init__(name, **options)
        self.output = Output()

    def handle_message(self, message):
        command = message.decode("ascii", "replace").strip().lstrip(":")
        answer = self.answer(command)
        if command.startswith("MEAS"):
            if self.kind == "noise":
                return bytes(random.randrange(128, 256) for _ in range(72)) + b"\n"
            if self.kind == "late":
                gevent.sleep(1.5)
        if answer is None:
            return b"OK\n" if self.kind == "ok" else None
        if self.kind == "split":
            for byte in answer:
                self.broadcast(bytes([byte]))
                gevent.sleep(0.002)
            return None
        return answer

    def answer(self, command):
        output = self.output
        volts, amps = output.measured()
        answers = {
            "*IDN?": b"RIGOL TECHNOLOGIES,DP832,DP8C000000000,00.01.16\n",
            "SOUR1:VOLT?": b"%.3f\n" % output.volts,
            "SOUR1:CURR?": b"%.3f\n" % output.amps,
            "OUTP? CH1": b"ON\n" if output.on else b"OFF\n",
            "MEAS:ALL? CH1": b"%.4f,%.4f,%.3f\n" % (volts, amps, volts * amps),
            "SYST:ERR?": b'0,"No error"\n',
        }
        if command in answers:
            return answers[command]
        if command.startswith("SOUR1:VOLT "):
            output.volts = float(command.split()[1])
        elif command.startswith("SOUR1:CURR "):
            output.amps = float(command.split()[1])
        elif command.startswith("OUTP CH1,"):
            output.on = command.endswith("ON")
        return None
