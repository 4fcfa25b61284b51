"""A Spark standalone cluster of separate processes on this machine, for the check: a master and workers to kill."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pyspark

HOST = "127.0.0.1"


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_for(what, test, seconds=60):
    """What `test` gives, once it gives something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = test()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"{what}: not seen within {seconds} s")


def ask(url):
    """What a web interface of Spark's answers, or None while it does not, or not yet with data."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)
    except (OSError, json.JSONDecodeError):
        return None


def session_of(process):
    """Every process of a session: Spark's executors and their Python workers have groups of their own, not sessions."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # After the name in brackets: state, parent, group, session.
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == process.pid:
                found.append(int(entry.name))
    return found


class Cluster:
    """Started with the block, and gone with it."""

    def __init__(self, folder, workers):
        self.folder, self.processes = Path(folder), []
        port, self.web = free_port(), free_port()
        self.url = f"spark://{HOST}:{port}"
        self.master = self.start("master.Master", ["--host", HOST, "--port", str(port), "--webui-port", str(self.web)])
        self.workers = [self.start("worker.Worker", ["--host", HOST, "--cores", "1", "--memory", "1g", self.url]) for _ in range(workers)]

    def start(self, name, words):
        home = Path(pyspark.__file__).parent
        command = [home / "bin/spark-class", f"org.apache.spark.deploy.{name}", *words]
        number = len(self.processes)
        environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": HOST}
        environment |= {"SPARK_WORKER_DIR": str(self.folder / f"spark-{number}"), "SPARK_DAEMON_MEMORY": "512m"}
        with open(self.folder / f"spark-{number}.log", "w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        self.processes.append(process)
        return process

    def __enter__(self):
        alive = lambda: (ask(f"http://{HOST}:{self.web}/json/") or {}).get("aliveworkers", 0) == len(self.workers)
        try:
            wait_for("all workers at the master", alive)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            self.kill(process)

    @staticmethod
    def kill(process):
        """Ends a process and all that it started, at once: as a machine that is switched off."""
        for pid in session_of(process):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()
