"""Private object stores for one benchmark: SeaweedFS, which speaks S3, and fake-gcs-server."""
import json
import os
import pathlib
import subprocess
import time
import urllib.error
import urllib.request

from own_server import OwnServer, temporary_folder
from server import free_port, times

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVERS = pathlib.Path(subprocess.run([ROOT / "scripts/fetch-stores", "--folder"], check=True, capture_output=True, text=True).stdout.strip())
KEY, SECRET, BUCKET = "AKTESTKEY", "SKTESTSECRET", "backups"
RCLONE_PROGRAM = [SERVERS / "rclone/server", "--config", "/dev/null"]


def answers(url):
    """Whether a server is there, whatever it says."""
    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class SeaweedFS(OwnServer):
    def __enter__(self):
        self.folder = temporary_folder()
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        kinds = ["s3.port.grpc", "s3.port.iceberg", "master.port", "master.port.grpc", "filer.port", "filer.port.grpc", "volume.port",
                 "volume.port.grpc", "admin.port", "admin.port.grpc"]
        secrets = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
        self.settings = {**secrets, "AWS_ENDPOINT_URL_S3": self.url, "AWS_REGION": "us-east-1"}
        self.environment = {**os.environ, **self.settings}
        (self.folder / "data").mkdir()
        self.process = subprocess.Popen(
            [SERVERS / "seaweedfs/server", "mini", f"-dir={self.folder}/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-admin.ui=false",
             "-webdav=false", f"-bucket={BUCKET}", f"-s3.port={port}", *(f"-{kind}={free_port()}" for kind in kinds)],
            env={**os.environ, **secrets}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not answers(self.url):
                time.sleep(0.1)
            while subprocess.run([*RCLONE_PROGRAM, "lsf", remote(self, "")], check=False, capture_output=True).returncode:
                time.sleep(0.1)
        except BaseException:
            self.__exit__()
            raise
        return self

    def processor_seconds(self):
        return sum(times(self.process.pid, range(13, 15))) / os.sysconf("SC_CLK_TCK")


class FakeGCS(OwnServer):
    def __enter__(self):
        self.folder = temporary_folder()
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.settings = {"STORAGE_EMULATOR_HOST": self.url}
        self.process = subprocess.Popen(
            [SERVERS / "fake-gcs/server", "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-public-host", f"127.0.0.1:{port}",
             "-external-url", self.url, "-backend", "filesystem", "-filesystem-root", self.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not answers(self.url):
                time.sleep(0.1)
            request = urllib.request.Request(
                f"{self.url}/storage/v1/b?project=bench", json.dumps({"name": BUCKET}).encode(), {"Content-Type": "application/json"})
            urllib.request.urlopen(request).close()
        except BaseException:
            self.__exit__()
            raise
        return self


def remote(server, key):
    """An address rclone understands without a configuration file."""
    return f":s3,provider=SeaweedFS,access_key_id={KEY},secret_access_key={SECRET},endpoint='{server.url}':{BUCKET}/{key}"
