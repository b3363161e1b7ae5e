"""etcd, kube-apiserver and kube-controller-manager from a folder of programs, such as setup-envtest brings."""

import base64
import os
import secrets
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import yaml

_PATIENCE: Final = 60.0
"""Seconds that a program has to become ready."""


@contextmanager
def running_programs(assets: Path, folder: Path) -> Iterator[Path]:
    """Run the programs while the context lasts; give a kubeconfig of an administrator.

    Args:
        assets: has etcd, kube-apiserver, and perhaps kube-controller-manager.
        folder: where their data, keys and logs go.
    """
    port = free_ports(3)
    token, keys = secrets.token_hex(16), folder / "keys"
    keys.mkdir(mode=0o700)
    (keys / "tokens.csv").write_text(f'{token},administrator,administrator,"system:masters"\n')
    _key_pair(keys)
    managed = os.access(assets / "kube-controller-manager", os.X_OK)
    with ExitStack() as running:
        start = running.enter_context
        start(_process("etcd", _etcd(assets, folder, port + 1), folder))
        api = start(_process("kube-apiserver", _api_server(assets, folder, keys, port, managed), folder))
        certificate = keys / "serving" / "apiserver.crt"
        _await(lambda: certificate.is_file() and _answers(port), api, folder / "kube-apiserver.log")
        kubeconfig = folder / "kubeconfig"
        kubeconfig.touch(mode=0o600)
        kubeconfig.write_text(yaml.safe_dump(_kubeconfig(port, certificate, token)))
        if managed:
            start(_process("kube-controller-manager", _controllers(assets, keys, kubeconfig), folder))
        yield kubeconfig


def free_ports(count: int) -> int:
    """Return the first of `count` ports in a row that nobody listens on, below those that the system hands out."""
    for _ in range(200):
        first = 20_000 + secrets.randbelow(10_000)
        with ExitStack() as held:
            try:
                for port in range(first, first + count):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
        return first
    raise AssertionError(f"no {count} free ports in a row between 20000 and 30000")


def _etcd(assets: Path, folder: Path, port: int) -> Sequence[str]:
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    return [
        str(assets / "etcd"),
        "--name=tests",
        f"--data-dir={folder / 'etcd'}",
        "--unsafe-no-fsync",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=tests={peer}",
    ]


def _api_server(assets: Path, folder: Path, keys: Path, port: int, managed: bool) -> Sequence[str]:
    options = [
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        f"--secure-port={port}",
        f"--etcd-servers=http://127.0.0.1:{port + 1}",
        "--service-cluster-ip-range=10.0.0.0/16",
        "--authorization-mode=RBAC",
        f"--cert-dir={keys / 'serving'}",
        f"--token-auth-file={keys / 'tokens.csv'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={keys / 'accounts.pub'}",
        f"--service-account-signing-key-file={keys / 'accounts.key'}",
        "--allow-privileged",
    ]
    # Without controllers nobody makes the accounts that pods would be refused for.
    return [
        str(assets / "kube-apiserver"),
        *options,
        *([] if managed else ["--disable-admission-plugins=ServiceAccount"]),
    ]


def _controllers(assets: Path, keys: Path, kubeconfig: Path) -> Sequence[str]:
    return [
        str(assets / "kube-controller-manager"),
        f"--kubeconfig={kubeconfig}",
        "--secure-port=0",
        "--leader-elect=false",
        f"--service-account-private-key-file={keys / 'accounts.key'}",
        f"--root-ca-file={keys / 'serving' / 'apiserver.crt'}",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
    ]


def _key_pair(keys: Path) -> None:
    private, public = keys / "accounts.key", keys / "accounts.pub"
    for command in (
        ["genrsa", "-out", str(private), "2048"],
        ["rsa", "-in", str(private), "-pubout", "-out", str(public)],
    ):
        subprocess.run(["openssl", *command], check=True, capture_output=True, timeout=60)


@contextmanager
def _process(name: str, command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(port: int) -> bool:
    unverified = ssl._create_unverified_context()
    try:
        with urlopen(f"https://127.0.0.1:{port}/readyz", context=unverified, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _await(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while not ready():
        alive = process.poll() is None
        if not alive or time.monotonic() > end:
            said = log.read_text(errors="replace")[-2000:]
            raise AssertionError(f"the API server {'is not ready' if alive else 'ended'}; the end of its log:\n{said}")
        time.sleep(0.1)


def _kubeconfig(port: int, certificate: Path, token: str) -> dict[str, object]:
    authority = base64.b64encode(certificate.read_bytes()).decode()
    cluster = {"server": f"https://127.0.0.1:{port}", "certificate-authority-data": authority}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "tests", "cluster": cluster}],
        "users": [{"name": "administrator", "user": {"token": token}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "administrator"}}],
        "current-context": "tests",
    }
