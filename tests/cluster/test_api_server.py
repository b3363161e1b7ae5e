"""The tests' own API server: nobody else's is touched, and nothing of it is left."""

import os
from pathlib import Path

import pytest
import yaml
from tests import api_server as own
from tests.api_server import ApiServer, ForeignClusterError, lacking, main, require_ours, running_api_server
from tests.envtest import running_programs


def processes_of(word: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if word in command and int(folder.name) != os.getpid():
            found.append(command)
    return found


def test_a_cluster_that_was_not_started_here_is_refused(api_server: ApiServer, tmp_path: Path) -> None:
    require_ours(api_server.kubeconfig)
    config = yaml.safe_load(api_server.kubeconfig.read_text())
    for field, value in (("server", "https://127.0.0.1:6443"), ("certificate-authority-data", "QUJD")):
        foreign = yaml.safe_load(yaml.safe_dump(config))
        foreign["clusters"][0]["cluster"][field] = value
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(foreign))
        with pytest.raises(ForeignClusterError, match="did not start"):
            require_ours(path)


def test_the_cluster_of_the_environment_is_not_looked_at(
    api_server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "production").write_text("not even YAML: [")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "production"))
    assert "default" in api_server.kubectl("get", "namespaces", "-o", "name")


def test_without_programs_tests_are_skipped_or_fail_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(own, "KIT", tmp_path / "nowhere")
    monkeypatch.delenv(own.ASSETS, raising=False)
    monkeypatch.delenv(own.REQUIRED, raising=False)
    assert main() == 1
    assert "setup-envtest use" in capsys.readouterr().err
    with pytest.raises(pytest.skip.Exception, match="there is no Kubernetes API to test on"), running_api_server():
        pass
    monkeypatch.setenv(own.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="there is no Kubernetes API to test on"), running_api_server():
        pass
    monkeypatch.setenv(own.ASSETS, str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="has no etcd, kube-apiserver, kubectl"), running_api_server():
        pass
    assert main() == 1


def test_programs_of_a_folder_run_and_end(
    api_server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = api_server.program.parent
    if lacking(assets):
        pytest.skip(f"{assets} has no {', '.join(lacking(assets))}")
    monkeypatch.setenv(own.ASSETS, str(assets))
    with running_api_server() as second:
        assert second.kubeconfig.parent.name.startswith("tw-kube-")
        assert second.client.base_url != api_server.client.base_url
        assert "default" in second.kubectl("get", "namespaces", "-o", "name")
        assert processes_of(str(second.kubeconfig.parent))
        left = second.kubeconfig
    assert not left.exists()
    assert processes_of(str(left.parent)) == []
    with pytest.raises(RuntimeError), running_programs(assets, tmp_path):  # what fails inside leaves nothing either
        raise RuntimeError
    assert processes_of(str(tmp_path)) == []
