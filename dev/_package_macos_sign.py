"""Apple's side of a Mac program: signed with the hardened runtime, sent to be notarised, the answer stapled to it."""

from __future__ import annotations

import json
import plistlib
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import _package_common as common

if TYPE_CHECKING:
    from collections.abc import Mapping

AD_HOC = "-"
IDENTITY, PROFILE = "EXOALIAS_MACOS_IDENTITY", "EXOALIAS_NOTARY_PROFILE"
KEY, KEY_ID, ISSUER = "EXOALIAS_NOTARY_KEY", "EXOALIAS_NOTARY_KEY_ID", "EXOALIAS_NOTARY_ISSUER"
# How a file with machine code begins: for one processor, or for several.
_MAGIC = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, and how notarytool learns who asks. Nothing of it is secret: keys lie in the keychain or in a file."""

    identity: str = AD_HOC
    notary: tuple[str, ...] = ()  # empty: not notarised

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Signature:
        """As the environment says; ad hoc where it says nothing. SystemExit where it says half."""
        identity = environment.get(IDENTITY, "").strip() or AD_HOC
        key = {name: environment.get(name, "").strip() for name in (KEY, KEY_ID, ISSUER)}
        notary: tuple[str, ...] = ()
        if profile := environment.get(PROFILE, "").strip():
            notary = ("--keychain-profile", profile)
        elif any(key.values()):
            if missing := [name for name, value in key.items() if not value]:
                raise SystemExit(f"package: to notarise with a key, set {' and '.join(missing)} too")
            if not Path(key[KEY]).is_file():
                raise SystemExit(f"package: {KEY} names the file with the key, and there is no {key[KEY]}")
            notary = ("--key", key[KEY], "--key-id", key[KEY_ID], "--issuer", key[ISSUER])
        if notary and identity == AD_HOC:
            raise SystemExit(f"package: Apple notarises nothing that is signed ad hoc. Set {IDENTITY} too")
        return cls(identity, notary)

    @property
    def is_ad_hoc(self) -> bool:
        """Whether it is for a trial on one's own Mac alone."""
        return self.identity == AD_HOC


def entitlements(sources: Path, signature: Signature) -> dict[str, object]:
    """What the program may do besides; see the reasons in the two files."""
    names = ["entitlements.plist", *(["entitlements-adhoc.plist"] if signature.is_ad_hoc else [])]
    granted: dict[str, object] = {}
    for name in names:
        granted |= plistlib.loads((sources / name).read_bytes())
    return granted


def machine_code(bundle: Path) -> list[Path]:
    """Every file with machine code in it, the innermost first; links are left out."""
    found = [path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink() and _is_code(path)]
    return sorted(found, key=lambda path: (-len(path.parts), path))


def _is_code(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _MAGIC


def to_sign(bundle: Path) -> list[Path]:
    """What is signed before the bundle itself, in this order: a signature covers what lies inside, so that comes first."""
    programs = bundle / "Contents" / "MacOS"
    code = [path for path in machine_code(bundle) if path.parent != programs]
    frameworks = [path for path in bundle.rglob("*.framework") if path.is_dir() and not path.is_symlink()]
    return [*code, *sorted(frameworks, key=lambda path: (-len(path.parts), path))]


def sign(bundle: Path, signature: Signature, work: Path, sources: Path) -> None:
    """Sign all code, then the bundle with its entitlements, and have it verified."""
    common.say("signing" + (" ad hoc: for this Mac alone" if signature.is_ad_hoc else ""))
    granted = work / "entitlements.plist"
    granted.parent.mkdir(parents=True, exist_ok=True)
    granted.write_bytes(plistlib.dumps(entitlements(sources, signature)))  # codesign takes no comments
    for code in to_sign(bundle):
        common.run(*_codesign(signature), code)
    common.run(*_codesign(signature), "--entitlements", granted, bundle)
    common.run("codesign", "--verify", "--deep", "--strict", "--verbose=2", bundle)


def sign_image(image: Path, signature: Signature) -> None:
    """The disk image too; ad hoc that would say nothing."""
    if not signature.is_ad_hoc:
        common.run("codesign", "--force", "--timestamp", "--sign", signature.identity, image)
        common.run("codesign", "--verify", "--verbose=2", image)


def _codesign(signature: Signature) -> tuple[str, ...]:
    # Ad hoc has the hardened runtime too, so that a trial meets what the released program meets. A time stamp needs somebody.
    stamp = "--timestamp=none" if signature.is_ad_hoc else "--timestamp"
    return ("codesign", "--force", "--options", "runtime", stamp, "--sign", signature.identity)


def notarise(made: Path, signature: Signature, work: Path) -> None:
    """Send it to Apple, wait, and staple the answer to it, so that it opens without the network. SystemExit if refused."""
    if not signature.notary:
        common.say(f"{made.name} is not notarised: nothing says as whom")
        return
    common.say(f"{made.name}: waiting for Apple (some minutes)")
    image = made.suffix == ".dmg"
    sent = made if image else work / f"{made.stem}.zip"
    if not image:
        common.run("ditto", "-c", "-k", "--keepParent", made, sent)
    answer = _asked(*("submit", str(sent), "--wait", "--timeout", "1h", "--output-format", "json"), *signature.notary)
    verdict = outcome(answer)
    if verdict["status"] != "Accepted":
        log = _asked("log", verdict["id"], *signature.notary) if verdict["id"] else answer
        raise SystemExit(f"{log[-4000:]}\npackage: Apple did not notarise {made.name}: {verdict['status']}")
    common.run("xcrun", "stapler", "staple", made)
    kind = ("--type", "open", "--context", "context:primary-signature") if image else ("--type", "execute")
    common.run("spctl", "--assess", "--verbose=2", *kind, made)  # as the Mac of somebody who opens it


def outcome(answer: str) -> dict[str, str]:
    """Status and id in what notarytool prints; its exit code says only whether it could ask."""
    try:
        said = json.loads(answer)
    except ValueError:
        said = {}
    told = said if isinstance(said, dict) else {}
    return {"status": str(told.get("status", "no answer")), "id": str(told.get("id", ""))}


def _asked(*arguments: str) -> str:
    done = subprocess.run(["xcrun", "notarytool", *arguments], capture_output=True, text=True, errors="replace", check=False)
    return done.stdout if done.stdout.strip() else done.stderr
