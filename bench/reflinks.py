"""A file system whose files can share blocks: XFS or btrfs in a file, mounted over a loop device. That takes root."""
import os
import shutil
import signal
import subprocess

from own_server import temporary_folder

MAKERS = {"xfs": ["mkfs.xfs", "-q", "-m", "reflink=1"], "btrfs": ["mkfs.btrfs", "-q", "-m", "single", "-d", "single"]}
# The image has holes: only what is written takes space.
IMAGE_BYTES = 96 << 30


class CannotMount(Exception):
    """This machine has none of the kind, and the message says what stood in the way."""


class Reflinks:
    """Of one kind; made and mounted on entry, unmounted and removed on exit."""

    def __init__(self, kind):
        self.kind = kind

    def __enter__(self):
        if os.geteuid() != 0:
            raise CannotMount("mounting a file system takes root")
        words = MAKERS[self.kind]
        program = shutil.which(words[0], path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if not program:
            raise CannotMount(f"{words[0]} is not installed")
        self.folder = temporary_folder()
        self.place, image = self.folder / "mounted", self.folder / "image"
        self.place.mkdir()
        with open(image, "wb") as file:
            file.truncate(IMAGE_BYTES)
        for command in ([program, *words[1:], image], ["mount", "-t", self.kind, "-o", "loop", image, self.place]):
            ran = subprocess.run(command, check=False, capture_output=True, text=True)
            if ran.returncode:
                shutil.rmtree(self.folder, ignore_errors=True)
                raise CannotMount(f"{command[0]}: {ran.stderr.strip()}")
        return self

    def __exit__(self, *_):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        ended = subprocess.run(["umount", "-l", self.place], check=False)
        if ended.returncode == 0:
            shutil.rmtree(self.folder, ignore_errors=True)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})

    def used(self):
        """Bytes taken, once everything is on the disk; blocks that files share count once."""
        subprocess.run(["sync", "-f", self.place], check=True)
        state = os.statvfs(self.place)
        return (state.f_blocks - state.f_bfree) * state.f_frsize
