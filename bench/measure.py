"""One command measured: wall time, processor time of both sides, the most memory a process of it held."""
import dataclasses
import os
import pathlib
import statistics
import subprocess
import time


@dataclasses.dataclass
class Measurement:
    """`memory` is in bytes and counts the largest single process; `size` is that of what was written, 0 for restores."""
    seconds: float
    client: float
    server: float
    memory: int
    size: int = 0


class CommandFailed(Exception):
    """The command ended with another status than 0; the message holds the end of what it said."""


def measure(server, command, environment=None):
    """Runs a list, or a string through bash with pipefail."""
    if isinstance(command, str):
        command = ["bash", "-o", "pipefail", "-c", command]
    log = server.folder / "command.log"
    # Whoever waits for the disk waits for what others have left to be written there, too.
    os.sync()
    before = server.processor_seconds()
    began = time.monotonic()
    with open(log, "wb") as output:
        process = subprocess.Popen(command, env={**server.environment, **(environment or {})}, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandFailed(f"{command} ended with {process.returncode}: {log.read_text(errors='replace')[-3000:]}")
    return Measurement(seconds, usage.ru_utime + usage.ru_stime, server.processor_seconds() - before, usage.ru_maxrss * 1024)


def size_of(path):
    path = pathlib.Path(path)
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def median(measurements):
    """The median of each figure on its own; of memory the greatest."""
    def middle(field):
        return statistics.median(getattr(one, field) for one in measurements)
    return Measurement(middle("seconds"), middle("client"), middle("server"), max(one.memory for one in measurements), int(middle("size")))
