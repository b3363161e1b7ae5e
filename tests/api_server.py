"""A real Kubernetes API for tests: etcd, API server and, where there is one, the controller manager, started here.

    python -m tests.api_server    # says where the programs come from, or what is missing (then with status 1)

Nothing here ever talks to a cluster that it did not start: `KUBECONFIG` and its contexts are not looked at.
"""

import base64
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

import httpx2
import pytest
import yaml
from tests.envtest import free_ports, running_programs

ASSETS: Final = "KUBEBUILDER_ASSETS"
REQUIRED: Final = "TRADEWIND_REQUIRE_CLUSTER"
"""Set where an API server is to be had: there a test that finds none fails."""
KIT: Final = Path(__file__).resolve().parents[2] / "shared" / "cluster"
_PROGRAMS: Final = ("etcd", "kube-apiserver", "kubectl")
_started: set[tuple[str, str]] = set()
"""(address, certificate authority) of every API server that runs for these tests."""


class ForeignClusterError(RuntimeError):
    """A kubeconfig that leads to a cluster which these tests did not start."""

    def __init__(self, kubeconfig: Path, server: str) -> None:
        super().__init__(f"{kubeconfig} leads to {server}, which these tests did not start: they leave it alone")


@dataclass(frozen=True)
class ApiServer:
    """A Kubernetes API that lives as long as a test session.

    `request` speaks HTTP with it as its administrator; `kubectl` runs the real one.
    """

    kubeconfig: Path
    program: Path
    """kubectl."""
    cache: Path
    client: httpx2.Client = field(repr=False)

    def kubectl(self, *arguments: str, given: str | None = None, fails: bool = False) -> str:
        """Run kubectl and return what it says: standard output, or where it is to fail standard error."""
        require_ours(self.kubeconfig)
        done = subprocess.run(
            [str(self.program), f"--kubeconfig={self.kubeconfig}", f"--cache-dir={self.cache}", *arguments],
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            env={name: value for name, value in os.environ.items() if name != "KUBECONFIG"},
        )
        assert (done.returncode != 0) is fails, f"kubectl {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stderr if fails else done.stdout

    def request(self, method: str, path: str, body: Any = None, **how: Any) -> httpx2.Response:
        """Send a request; `how` is httpx's."""
        return self.client.request(method, path, **({} if body is None else {"json": body}), **how)


def require_ours(kubeconfig: Path) -> None:
    """Refuse a kubeconfig whose current context is not of an API server that was started here.

    Raises:
        ForeignClusterError: it is not.
    """
    cluster = _current(kubeconfig)["cluster"]
    if (cluster["server"], cluster["certificate-authority-data"]) not in _started:
        raise ForeignClusterError(kubeconfig, cluster["server"])


@contextmanager
def running_api_server() -> Iterator[ApiServer]:
    """Run a Kubernetes API while the context lasts, or skip the test and say what is missing."""
    folder = Path(tempfile.mkdtemp(prefix="tw-kube-"))
    try:
        if os.environ.get(ASSETS):
            assets = Path(os.environ[ASSETS])
            if lacking(assets):
                _none(f"{ASSETS} is {assets}, which has no {', '.join(lacking(assets))}")
            if shutil.which("openssl") is None:
                _none("openssl is missing, which makes the keys of service accounts")
            with running_programs(assets, folder) as kubeconfig:
                yield from _ours(kubeconfig, assets / "kubectl", folder)
        elif os.access(KIT / "up", os.X_OK):
            with _running_kit() as (kubeconfig, kubectl):
                yield from _ours(kubeconfig, kubectl, folder)
        else:
            _none(missing())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lacking(assets: Path) -> list[str]:
    """Return the programs that a folder ought to have and has not."""
    return [name for name in _PROGRAMS if not os.access(assets / name, os.X_OK)]


def missing() -> str:
    """Return what a person has to do to have an API server for the tests."""
    return (
        f"there is no Kubernetes API to test on: {ASSETS} names no folder with {', '.join(_PROGRAMS)}; with internet, "
        f'`export {ASSETS}="$(setup-envtest use -p path)"` (sigs.k8s.io/controller-runtime/tools/setup-envtest) '
        "brings them"
    )


def main() -> int:
    """Say where the programs come from; return 1 where there are none."""
    named = os.environ.get(ASSETS)
    if named and not lacking(Path(named)):
        print(f"the Kubernetes API comes from {ASSETS}, {named}")
        return 0
    if not named and os.access(KIT / "up", os.X_OK):
        print("the Kubernetes API comes from the kit beside the checkout")
        return 0
    print(f"{ASSETS} has no {', '.join(lacking(Path(named)))}" if named else missing(), file=sys.stderr)
    return 1


def _ours(kubeconfig: Path, kubectl: Path, folder: Path) -> Iterator[ApiServer]:
    context = _current(kubeconfig)
    server, authority = context["cluster"]["server"], context["cluster"]["certificate-authority-data"]
    _started.add((server, authority))
    try:
        with _client(context, folder) as client:
            yield ApiServer(kubeconfig, kubectl, folder / "cache", client)
    finally:
        _started.discard((server, authority))


def _client(context: dict[str, Any], folder: Path) -> httpx2.Client:
    cluster, user = context["cluster"], context["user"]
    trust = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    headers = {}
    if "token" in user:
        headers["Authorization"] = f"Bearer {user['token']}"
    else:
        pair = folder / "administrator.pem"
        pair.touch(mode=0o600)
        pair.write_bytes(base64.b64decode(user["client-certificate-data"]) + base64.b64decode(user["client-key-data"]))
        trust.load_cert_chain(pair)
    return httpx2.Client(base_url=cluster["server"], verify=trust, headers=headers, timeout=30, trust_env=False)


def _current(kubeconfig: Path) -> dict[str, Any]:
    """Return the cluster and the user of the current context."""
    config = yaml.safe_load(kubeconfig.read_text())
    chosen = next(c["context"] for c in config["contexts"] if c["name"] == config["current-context"])
    return {
        what: next(each[what] for each in config[f"{what}s"] if each["name"] == chosen[what])
        for what in ("cluster", "user")
    }


@contextmanager
def _running_kit() -> Iterator[tuple[Path, Path]]:
    home = Path(os.environ.get("KUBE_NODE_HOME", Path.home() / ".cache" / "kube-node"))
    _sweep(home)
    name = f"tests-{os.getpid()}"
    environment = {
        **os.environ,
        "KUBE_NODE_HOME": str(home),
        "KUBE_NODE_NAME": name,
        "KUBE_NODE_PORT": str(free_ports(4)),  # the kit takes four in a row
    }
    try:
        _kit("up", "--api-only", environment=environment)
        yield home / name / "kubeconfig", home / "bin" / "kubectl"
    finally:
        _kit("down", "--delete-all", environment=environment)


def _sweep(home: Path) -> None:
    """End what a test session left that was killed."""
    for folder in home.glob("tests-*"):
        pid = folder.name.removeprefix("tests-")
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            _kit(
                "down",
                "--delete-all",
                environment={**os.environ, "KUBE_NODE_HOME": str(home), "KUBE_NODE_NAME": folder.name},
            )


def _kit(script: str, option: str, environment: dict[str, str]) -> None:
    done = subprocess.run([str(KIT / script), option], env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"{script} {option}: {done.stdout}{done.stderr}"


def _none(reason: str) -> NoReturn:
    """Skip the test, or fail it where an API server is to be had."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason}; {REQUIRED} is set")
    pytest.skip(reason)


if __name__ == "__main__":
    sys.exit(main())
