"""Errands about lists of instances in files: write one, and take one after seeing what that would do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from exoalias.ui.errands.errand import Does, Errand
from exoalias.ui.words import _, plural

if TYPE_CHECKING:
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.app.control import Control
    from exoalias.app.exchange import Import
    from exoalias.domain.events import Tell
    from exoalias.ui.overview.list_preview import ListPreview
    from exoalias.ui.runner import Ending

_MOST = 16 * 1024 * 1024  # bytes looked at: a list of ten thousand instances has some three million


class Lists(Errand):
    """Export and import. Neither holds a secret."""

    def does(self) -> Does:
        """See Errand."""
        return (("verb-export", self.export), ("verb-import", self.take))

    # -- export ---------------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask for a file and write the instances to it: those of the customer stood above, or all."""
        over = self.desk.over
        customer = over.customer if over is not None and over.customer else None
        from exoalias.ui.dialogs.file_choice import ask_where_to_save

        title = _("Export the instances of {customer}", customer=customer) if customer else _("Export all instances")
        dialog = ask_where_to_save(title, "exoalias-instances.toml", self.window)
        dialog.fileSelected.connect(lambda path: self._export(path, customer))
        self.open(dialog)

    def _export(self, path: str, customer: str | None) -> None:
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return

        def work(_tell: Tell, _control: Control) -> object:
            text = verbs.export_list(world, customer)
            return _written(Path(path), text)

        def got(ending: Ending) -> None:
            if isinstance(ending.value, str) and ending.value:
                self.window.statusBar().showMessage(_("{path} could not be written: {why}", path=path, why=ending.value))
            elif ending.problem is None and not ending.crashed:
                self.window.statusBar().showMessage(_("Written to {path}. It holds no secret.", path=path), 15_000)
            self.tell_problem(ending)

        self.desk.look_up("export", work, got)

    # -- import ---------------------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Ask for a file, show what it would do, and take it when the person agrees."""
        from exoalias.ui.dialogs.file_choice import ask_what_to_open

        dialog = ask_what_to_open(_("Import a list of instances"), self.window)
        dialog.fileSelected.connect(self._preview)
        self.open(dialog)

    def _preview(self, path: str) -> None:
        from exoalias.ui.overview.list_preview import ListPreview

        preview = ListPreview(Path(path).name, self.window)
        alive = [True]
        preview.finished.connect(lambda _result: alive.clear())
        preview.replace.toggled.connect(lambda replace: self._read(path, preview, alive, replace=replace))
        preview.agreed.connect(lambda found: self._import(found, preview, alive))
        self.open(preview)
        self._read(path, preview, alive, replace=False)

    def _read(self, path: str, preview: ListPreview, alive: list[bool], *, replace: bool) -> None:
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return

        def work(_tell: Tell, _control: Control) -> object:
            file = Path(path)
            try:
                if file.stat().st_size > _MOST:
                    return _("It is larger than any list of instances.")
                text = file.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                return _("It can't be read: {why}", why=_why(error))
            return verbs.read_list(world, text, file.name, replace)

        def got(ending: Ending) -> None:
            if not alive or ending.crashed:
                return
            if ending.problem is not None:
                preview.refuse(ending.problem)
            elif isinstance(ending.value, str):
                preview.say_unreadable(ending.value)
            else:
                preview.draw(cast("Import", ending.value))

        self.desk.look_up("import", work, got)

    def _import(self, found: Import, preview: ListPreview, alive: list[bool]) -> None:
        world, verbs = self.desk.world, self.desk.verbs
        if world is None:
            return
        count = len(found.entries)

        def work(_tell: Tell, _control: Control) -> object:
            verbs.import_list(world, found)
            return verbs.listing(world)

        def got(ending: Ending) -> None:
            if ending.problem is not None and alive:
                preview.refuse(ending.problem)
            elif ending.problem is not None:
                self.tell_problem(ending)
            elif not ending.crashed:
                if alive:
                    preview.accept()
                self.desk.list_again(cast("tuple[InstanceEntry, ...]", ending.value))
                said = plural(count, "{n} instance was taken.", "{n} instances were taken.")
                self.window.statusBar().showMessage(said, 15_000)

        self.desk.look_up("import", work, got)


def _written(path: Path, text: str) -> str:
    """Write the text beside, then put it in place; why that was not possible, "" where it was."""
    from exoalias.app.exchange import write_list

    try:
        write_list(path, text)
    except OSError as error:
        return _why(error)
    return ""


def _why(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else _("it is no text in UTF-8")
