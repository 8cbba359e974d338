"""The whole job on a simulated instance: add it, say what should be true, check, apply, sign in, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.choose import candidates, set_target
from exoalias.app.control import Control
from exoalias.app.far_side import FarSide
from exoalias.app.instances import add
from exoalias.app.sign_in import sign_in
from exoalias.app.world import World
from exoalias.domain.candidates import preselected
from exoalias.domain.events import Progress
from exoalias.domain.problems import UsageProblem
from exoalias.domain.ways import Way
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.instances import Said
    from exoalias.app.simulated import Simulated
    from exoalias.domain.events import Checked, Tell

NAME = "simulated"
BY_HAND = "by-hand"  # the scenario in which nobody plays: the person does


def prepare(world: World, tell: Tell, control: Control | None = None) -> str:
    """Add the simulated instance and say what should be true on it; gives the name it got.

    The object id is entered beforehand where the scenario has it known; the profile is the one the candidates leave no
    doubt about, if there is one.
    """
    simulated = world.simulated
    if simulated is None:
        raise UsageProblem(why="The demo plays on a simulated instance only.")
    tell(Progress(say("Adding the simulated instance {instance}", instance=simulated.instance)))
    control = control or Control(interactive=False)
    if simulated.keys.code_seed:
        control.authenticator = simulated.keys.code_now
    secrets, said = _said(simulated)
    add(world, NAME, simulated.instance, simulated.keys.way, secrets=secrets, **said)
    user = simulated.delegated_user if simulated.know_object_id else simulated.delegated_user._replace(object_id="")
    set_target(world, NAME, delegated_user=user.upn, object_id=user.object_id, mail=user.mail)
    chosen = preselected(candidates(world, NAME, tell, control))
    if chosen is not None:
        set_target(world, NAME, tell, control, profile=chosen.profile.sys_id)
    return NAME


def _said(simulated: Simulated) -> tuple[Kept | None, Said]:
    """What has to be said of the simulated instance for the way in its scenario is about."""
    keys = simulated.keys
    match keys.way:
        case Way.BROWSER:
            return None, {}
        case Way.API_KEY:
            return Kept(api_key=Secret(keys.api_key)), {}
        case Way.OAUTH:
            return None, {"client_id": keys.client_id, "redirect_url": keys.redirect_url}
        case Way.CLIENT_CREDENTIALS:
            return Kept(client_secret=Secret(keys.machine_secret)), {"client_id": keys.machine_id}
        case _:
            said: Said = {"user": simulated.rest_user, "one_time_code": keys.wants_code}
            return Kept(password=Secret(simulated.rest_password)), said


def playground(scenario: str = BY_HAND) -> tuple[World, FarSide, str]:
    """A simulated instance ready to be tried: its world, its process (``stop`` it), and the name it was added under."""
    far_side = FarSide(scenario)
    far_side.start()
    try:
        world = World.simulated_from(far_side.announcement, far_side.folder)
        return world, far_side, prepare(world, lambda _event: None)
    except BaseException:
        far_side.stop()
        raise


def whole_job(world: World, tell: Tell, control: Control) -> Checked:
    """Do it all. A Problem ends it; so does a plan that something blocks, with nothing written and nobody signed in."""
    name = prepare(world, tell, control)
    checked = check(world, name, tell, control)
    if checked.plan.blocked:
        return checked
    if checked.plan.writes:
        checked = apply(world, name, checked.plan, tell, control)
    asked = [step.credential_name for step in checked.plan.sign_ins]
    return sign_in(world, name, asked, tell, control) if asked else checked
