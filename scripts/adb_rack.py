"""Imported by the scripts that try real adb servers: virtual phones, a server of one's own, and a world to run them in."""

import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

PROFILES = ["tensor-phone", "sm6115-scanner", "snapdragon8-phone", "sdm660-scanner", "exynos-mid"]
MODEL = pathlib.Path(__file__).resolve().parent.parent / "agents/virtual-phone/models/dense-350m-q4.toml"
LANGUAGE = """schema = 1
[policy.tier.rack]
blocking = ["artifact", "placement", "journal", "runtime_alive", "data_coverage", "burst_tps"]
[family.phones]
title = "Phones that are not there"
hardware_heat = false
[route.policy_qa]
title = "Policy questions"
local_only = true
workload = "soak"
bars = { burst_tps = "0.5 tokens/s" }
[workload.soak]
duration = "SOAK s"
prompts = "prompts.jsonl"
output_tokens = 128
template = "template.jinja"
[candidate.described]
routes = ["policy_qa"]
runtime = "scripted-runner"
artifact = { path = "model.toml", sha256 = "DIGEST" }
placement = "cpu"
options = { threads = 4, args = ["--phone", "/dev/virtual-phone"] }
[profile.rack]
tier = "rack"
devices = ["virtual:*"]
"""
DEVICE = """[[device]]
id = "ID"
family = "phones"
driver = "adb"
address = { serial = "SERIAL", server = "SERVER" }
stop_at = { temperature = "110 C" }
"""


def stop(signal_number, _):
    # As an exception, so that everything is taken down.
    raise SystemExit(128 + signal_number)


for wanted in (signal.SIGTERM, signal.SIGINT):
    signal.signal(wanted, stop)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Server:
    """An adb server with a port and a home of its own. Whoever needs it starts it again when it was killed."""

    def __init__(self, folder):
        self.port, self.home = free_port(), folder / "home"
        self.home.mkdir()
        self.address = f"127.0.0.1:{self.port}"
        self.environment = {**os.environ, "HOME": str(self.home), "ANDROID_ADB_SERVER_PORT": str(self.port), "TMPDIR": str(folder)}
        self.adb("start-server")

    def adb(self, *words, timeout=60):
        return subprocess.run(["adb", "-P", str(self.port), *words], env=self.environment, capture_output=True, text=True, timeout=timeout)

    def pids(self):
        """The server's processes: they alone are told this port as `fork-server` or `server`."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue
                if words[0].endswith(b"adb") and b"server" in words and any(str(self.port).encode() in word for word in words):
                    found.append(int(entry.name))
        return found

    def kill(self):
        pids = self.pids()
        for pid in pids:
            end(pid)
        return pids


class Phone:
    """A virtual phone; its data lies in `folder`, where the journals on it can be seen from outside."""

    def __init__(self, dist, folder, number, *options, profile=None, port=None):
        self.program, self.folder, self.port = dist / "edgesoak-virtual-phone", folder / f"phone-{number}", port or free_port()
        self.id, self.serial = f"virtual:phone-{number}", f"127.0.0.1:{self.port}"
        profile = profile or PROFILES[(number - 1) % len(PROFILES)]
        self.process = subprocess.Popen(
            [self.program, "adbd", "--profile", profile, "--seed", str(number), "--port", str(self.port), "--dir", self.folder, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline():
            raise SystemExit(f"no virtual phone lives here; try: {self.program} adbd --port {self.port} --profile {profile}")

    def plant(self, words):
        return subprocess.run([self.program, "link", self.folder, *words.split()], capture_output=True, text=True)

    def sessions(self):
        return self.folder / "data/local/tmp/edgesoak/sessions"

    def journals(self):
        """What the phone itself has written, by session."""
        found = {}
        for path in self.sessions().glob("*/*/journal"):
            found[path.parent.name] = path
        return found

    def take_down(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Keeper:
    """Holds what phones write by hard links into a folder, because the host removes what it has collected."""

    def __init__(self, rack, folder):
        self.rack, self.folder, self.is_over = rack, folder, threading.Event()
        self.folder.mkdir()
        self.thread = threading.Thread(target=self.keep)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()

    def keep(self):
        while not self.is_over.wait(0.05):
            self.look()

    def look(self):
        for phone in self.rack:
            for session, path in phone.journals().items():
                try:
                    (self.folder / f"{phone.port}-{session}").hardlink_to(path)
                except OSError:
                    # It is held already, or was collected this moment.
                    continue

    def written(self):
        """The journals, by session."""
        return {path.name.split("-", 1)[1]: path for path in sorted(self.folder.iterdir())}


def make_world(folder, phones, server, soak_s):
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(MODEL, folder / "model.toml")
    (folder / "prompts.jsonl").write_text(
        "".join(json.dumps({"id": f"p{n}", "messages": [{"role": "user", "content": f"Question {n}?"}]}) + "\n" for n in range(4)))
    (folder / "template.jinja").write_text("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}")
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    write_matrix(folder, LANGUAGE.replace("SOAK", str(soak_s)).replace("DIGEST", digest), phones, server)


def write_matrix(folder, language, phones, server):
    rows = (DEVICE.replace("ID", phone.id).replace("SERIAL", phone.serial).replace("SERVER", server.address) for phone in phones)
    (folder / "device_matrix.toml").write_text(language + "".join(rows))


def edgesoak(dist, folder, server, *words, **pipes):
    environment = {**server.environment, "EDGESOAK_AGENTS": str(dist), "EDGESOAK_STATE": str(folder / "state"),
                   "EDGESOAK_CACHE": str(folder / "cache"), "NO_COLOR": "1"}
    return subprocess.Popen([dist / "edgesoak", *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True, **pipes)


def outcomes(run):
    """What was judged of each device, gate by gate: outcome and cause, without measured values."""
    return {session["device"]: {gate["gate"]: (gate["outcome"], gate.get("cause")) for gate in session["gates"]}
            for session in run["sessions"]}


def wait_for(what, is_so, limit=120):
    begin = time.monotonic()
    while not is_so():
        if time.monotonic() - begin > limit:
            raise SystemExit(f"it never came true: {what}")
        time.sleep(0.05)
