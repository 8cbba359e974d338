"""Whose token is it? A script for the admin to read and run on the instance by hand, and the comparing of its answer.

exoalias runs nothing there and the token does not leave the instance. Off unless asked for; see domain/instance_answer.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters import assets
from exoalias.app.check import judged, read
from exoalias.app.entrance import enter
from exoalias.app.read_back import stamp
from exoalias.domain import instance_answer
from exoalias.domain.candidates import choose
from exoalias.domain.events import Progress
from exoalias.domain.instance_answer import InstanceAnswer
from exoalias.domain.problems import AnswerNotUsable, InstanceCannotTell, NoTarget, UnknownCredential
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.events import Checked, Tell
    from exoalias.domain.instance_answer import Said
    from exoalias.domain.records import Snapshot


def script_for(world: World, name: str, credential_name: str, tell: Tell, control: Control | None = None) -> str:
    """The script for that credential. It reads the instance for the ids in it. UnknownCredential, NoTarget."""
    snapshot = _read(world, name, tell, control)
    found = [c for c in snapshot.credentials.rows if c.name == credential_name]
    if len(found) != 1:
        raise UnknownCredential(name=credential_name, instance=name)
    profile = choose(snapshot, world.target(name)).profile
    if profile is None:
        raise NoTarget(instance=name, why="no OAuth entity profile is chosen, or the chosen one is not there.")
    return instance_answer.script(assets.text("instance", "whose-token.js"), found[0].sys_id, profile.sys_id)


def take_answer(world: World, name: str, pasted: str, tell: Tell, control: Control | None = None) -> Checked:
    """Compare what was pasted, keep it, and judge anew. Nothing of an answer that can't be used is kept or repeated.

    AnswerNotUsable, InstanceCannotTell.
    """
    said = instance_answer.read(pasted)
    if said is None:
        raise AnswerNotUsable(instance=name, why="it holds no single line that begins with exoalias-answer.")
    snapshot = _read(world, name, tell, control)
    credential = next((c for c in snapshot.credentials.rows if c.sys_id == said.credential), None)
    profile = choose(snapshot, world.target(name)).profile
    if credential is None or profile is None or profile.sys_id != said.profile:
        raise AnswerNotUsable(instance=name, why="it is about a credential or profile that is not the one looked at here.")
    if said.account is None:
        raise InstanceCannotTell(credential=credential.name, why=said.why)
    _keep(world, name, said, snapshot)
    checked = judged(world, name, snapshot, world.target(name))
    tell(checked)
    return checked


def _read(world: World, name: str, tell: Tell, control: Control | None) -> Snapshot:
    target = world.target(name)
    instance = enter(world, name, tell, control)
    tell(Progress(say("Reading {origin}", origin=target.origin)))
    return read(world, name, instance, target)


def _keep(world: World, name: str, said: Said, snapshot: Snapshot) -> None:
    if said.account is None:
        return
    rows = tuple(stamp(token) for token in snapshot.tokens_of(said.credential) if token.kind == "refresh_token")
    answer = InstanceAnswer(said.credential, said.profile, said.account, world.clock(), rows)
    others = tuple(each for each in world.journal.states.answers(name) if each.credential != said.credential)
    world.journal.states.keep_answers(name, (*others, answer))
    facts = {"record": said.credential, "object_id": said.account.object_id, "tenant_id": said.account.tenant_id}
    world.journal.note(name, "answered", facts)
