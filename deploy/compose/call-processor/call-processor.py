#!/usr/bin/env python3
"""Takes a made-up call every second: a row in PostgreSQL, the state of its agent in Redis. /health on port 8080 says whether both took the last one."""
import json
import os
import random
import signal
import socket
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

PORT = int(os.environ.get("PORT", "8080"))
INTERVAL = float(os.environ.get("CALL_INTERVAL", "1"))
TABLE = """
    CREATE TABLE IF NOT EXISTS calls (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        agent text NOT NULL,
        caller text NOT NULL,
        began timestamptz NOT NULL DEFAULT now(),
        seconds integer NOT NULL CHECK (seconds >= 0)
    )"""


class State:
    """What /health tells. A call counts when both databases have it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.calls = 0
        self.last = None
        self.trouble = "no call was taken yet"

    def took(self):
        with self.lock:
            self.calls, self.last, self.trouble = self.calls + 1, time.time(), None

    def failed(self, error):
        with self.lock:
            self.trouble = str(error).strip().splitlines()[0]

    def answer(self):
        with self.lock:
            stale = self.last is None or time.time() - self.last > 10 + 3 * INTERVAL
            healthy = self.trouble is None and not stale
            return healthy, {"status": "ok" if healthy else "failing", "calls": self.calls, "trouble": self.trouble}


class Store:
    """As much of Redis' protocol as is needed here."""

    def __init__(self, host):
        self.socket = socket.create_connection((host, int(os.environ.get("REDIS_PORT", "6379"))), timeout=5)
        self.replies = self.socket.makefile("rb")

    def run(self, *commands):
        """Sends all of them at once; raises when one was refused. Each is answered by one line."""
        words = [[str(word).encode() for word in command] for command in commands]
        self.socket.sendall(b"".join(
            b"*%d\r\n" % len(command) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in command) for command in words))
        for reply in [self.replies.readline() for _ in commands]:
            if not reply.startswith((b":", b"+")):
                raise OSError(f"Redis says: {reply.decode().strip() or 'nothing'}")


def password():
    with open(os.environ["PASSWORD_FILE"], encoding="utf-8") as file:
        return file.read().strip()


def connect():
    """The other parts of the address are libpq's own PG… variables."""
    database = psycopg2.connect(password=password(), connect_timeout=5, application_name="call-processor")
    database.autocommit = True
    with database.cursor() as cursor:
        # Asked first, as somebody else may own the table after a restore.
        cursor.execute("SELECT to_regclass('public.calls')")
        if cursor.fetchone()[0] is None:
            cursor.execute(TABLE)
    return database, Store(os.environ.get("REDIS_HOST", "localhost"))


def take_call(database, store):
    agent = f"agent-{random.randrange(40)}"
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls (agent, caller, seconds) VALUES (%s, %s, %s) RETURNING id",
            (agent, f"+49 30 {random.randrange(10**7):07}", random.randrange(1800)))
        call = cursor.fetchone()[0]
    store.run(
        ("HSET", f"agent:{agent}", "state", "talking", "call", call), ("LPUSH", "calls:recent", call), ("LTRIM", "calls:recent", 0, 999))


def process(state, stop):
    """Calls, until it is told to stop. What fails is told, and tried again with new connections."""
    while not stop.is_set():
        try:
            database, store = connect()
            while not stop.is_set():
                take_call(database, store)
                state.took()
                stop.wait(INTERVAL)
            database.close()
        except (OSError, psycopg2.Error) as error:
            state.failed(error)
            print(f"no call could be taken: {error}", file=sys.stderr)
            stop.wait(2)


def handler(state):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            healthy, answer = state.answer()
            known = self.path == "/health"
            body = json.dumps(answer if known else {"status": "there is only /health"}).encode() + b"\n"
            self.send_response((200 if healthy else 503) if known else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format, *arguments):
            """A line for each health check is of use to nobody."""

    return Handler


def main():
    if "--health" in sys.argv:
        # A status of 503 raises, and so ends with status 1.
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health", timeout=5)
        return
    state, stop = State(), threading.Event()
    server = ThreadingHTTPServer(("", PORT), handler(state))

    def finish(*_):
        stop.set()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    worker = threading.Thread(target=process, args=(state, stop))
    worker.start()
    server.serve_forever()
    worker.join()


main()
