"""A private Redis for one benchmark, with keys of every kind in it."""
import os
import pathlib
import subprocess
import time

from own_server import OwnServer, temporary_folder
from server import free_port, times

# One program, which acts by the name it is called by.
PROGRAM = pathlib.Path("/usr/bin/redis-check-rdb")
# At scale 1 the file is about 1 GB: sessions, agents' hashes, queues, and one sorted set of millions of members.
FILL = """
local first, last = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = first, last do
    local h = redis.sha1hex(i)
    redis.call('SET', 'session:' .. i, h .. redis.sha1hex(h) .. redis.sha1hex(h .. i), 'EX', 864000 + i)
    if i % 4 == 0 then redis.call('HSET', 'agent:' .. i, 'name', h, 'state', i % 3, 'calls', i) end
    if i % 2 == 0 then redis.call('RPUSH', 'queue:' .. i % 977, h) end
    redis.call('ZADD', 'ranking', i * 1.25, 'call:' .. i)
end
"""
KEYS_AT_ONE, BATCH = 4_000_000, 20_000


class RedisServer(OwnServer):
    """Filled on entry, too."""

    def __init__(self, scale):
        self.keys = int(KEYS_AT_ONE * scale)

    def __enter__(self):
        self.folder = temporary_folder()
        self.port = free_port()
        self.environment = {**os.environ, "REDIS_URL": f"redis://127.0.0.1:{self.port}", "BACKUP_DIR": str(self.folder / "backups")}
        (self.folder / "redis-server").symlink_to(PROGRAM)
        self.process = subprocess.Popen(
            [self.folder / "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder, "--save", "",
             "--repl-diskless-sync-delay", "0"], stdout=subprocess.DEVNULL)
        try:
            while self.cli("PING") != "PONG":
                time.sleep(0.05)
            for first in range(1, self.keys + 1, BATCH):
                self.cli("EVAL", FILL, "0", str(first), str(min(first + BATCH - 1, self.keys)))
        except BaseException:
            self.__exit__()
            raise
        return self

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], check=False, capture_output=True, text=True).stdout.strip()

    def processor_seconds(self):
        """With that of the children it forked and has reaped."""
        return sum(times(self.process.pid, range(13, 17))) / os.sysconf("SC_CLK_TCK")
