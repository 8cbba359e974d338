"""Which language is spoken: the setting's, else the system's. Said once, before anything is shown."""

from __future__ import annotations

import os

from exoalias.adapters import wording
from exoalias.adapters.machine.language import spoken


def speak(setting: str) -> None:
    """Tell everything in the language that setting stands for."""
    wording.use(spoken(setting))


def speak_as_environment() -> None:
    """As the environment or the system has it: for what is said before anything may be loaded, such as --help."""
    speak(os.environ.get("EXOALIAS_LANGUAGE", "").strip().lower() or "system")


def speak_as_set() -> None:
    """The same for a run whose settings are not read yet; whatever may say something of it is looked into."""
    from exoalias.adapters.keeping.settings import Places
    from exoalias.adapters.machine.first_look import may_say

    file = Places.of_this_user().settings_file
    if not may_say(file, ("language",)):
        speak("system")
        return
    from exoalias.adapters.machine.ladder import climb

    speak(climb(file).settings.language)
