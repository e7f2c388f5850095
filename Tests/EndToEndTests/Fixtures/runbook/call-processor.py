#!/usr/bin/env python3
"""The call processor of the runbooks: asked for its health, it takes a call, as a role of its own, in both databases. PORT PSQL REDIS-CLI"""
import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

CALL = "INSERT INTO calls SELECT coalesce(max(id), 0) + 1, 'taken' FROM calls RETURNING id"


class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        commands = [[sys.argv[2], "-X", "-q", "-A", "-t", "-U", "call_processor", "-d", "call_center", "-c", CALL], [sys.argv[3], "-e", "INCR", "calls"]]
        trouble = [run.stderr for run in (subprocess.run(command, capture_output=True, text=True) for command in commands) if run.returncode]
        self.send_response(503 if trouble else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"status": "failing" if trouble else "ok", "trouble": trouble}).encode())

    def log_message(self, format, *arguments):
        """Nobody reads it."""


HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
