"""What the servers of a benchmark have in common: a folder and a process of their own, which do not outlive it."""
import os
import pathlib
import shutil
import signal
import tempfile


def temporary_folder():
    return pathlib.Path(tempfile.mkdtemp(prefix="ccb-bench-", dir=os.environ.get("TMPDIR", "/var/tmp")))


class OwnServer:
    """Made and started on entry, ended and removed on exit. Whoever inherits sets `folder` and `process`."""

    def __exit__(self, *_):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
