"""Status colours can be read on every ground they stand on, light and dark; icons exist and follow the colour."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from exoalias.domain.checklist import Status
from exoalias.ui import theme

Role = QPalette.ColorRole
DARK = {
    Role.Window: "#353535",
    Role.WindowText: "#ffffff",
    Role.Base: "#242424",
    Role.AlternateBase: "#2d2d2d",
    Role.Text: "#ffffff",
}
LIGHT = {
    Role.Window: "#ebebeb",
    Role.WindowText: "#000000",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f5f5f5",
    Role.Text: "#000000",
}


def palette(of: dict[QPalette.ColorRole, str]) -> QPalette:
    made = QPalette()
    for role, value in of.items():
        made.setColor(role, QColor(value))
    return made


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("tone", [*theme.TONES.values(), theme.UNCHECKED], ids=lambda tone: tone.icon)
def test_status_colours_have_contrast(qapp: QApplication, tone: theme.Tone, colours: dict[QPalette.ColorRole, str]) -> None:
    scheme = palette(colours)
    for ground in (Role.Window, Role.Base, Role.AlternateBase):
        assert theme.contrast(theme.colour(tone, scheme), scheme.color(ground)) >= 4.5
    # The banner's ground is the base with a breath of the status colour.
    tinted = theme.blend(scheme.color(Role.Base), theme.colour(tone, scheme), 0.08)
    for text in (scheme.color(Role.Text), theme.colour(tone, scheme)):
        assert theme.contrast(text, tinted) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_second_lines_have_contrast(qapp: QApplication, colours: dict[QPalette.ColorRole, str]) -> None:
    scheme = palette(colours)
    for ground in (Role.Window, Role.Base):
        assert theme.contrast(theme.quiet(scheme), scheme.color(ground)) >= 4.5


def test_the_contrast_formula_is_that_of_wcag() -> None:
    assert theme.contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert theme.contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_every_status_has_a_tone_and_a_shape_of_its_own() -> None:
    assert {theme.tone(status).icon for status in Status} == {tone.icon for tone in theme.TONES.values()}
    assert len({tone.icon for tone in theme.TONES.values()}) == len(Status)
    assert theme.tone(None) is theme.UNCHECKED


@pytest.mark.parametrize("icon", [*(t.icon for t in theme.TONES.values()), "unchecked", "person", "window"])
def test_icons_are_drawn_in_their_colour_and_sharp_on_fine_screens(qapp: QApplication, icon: str) -> None:
    image = theme.pixmap(icon, QColor("#ff0000"), 16, 2.0).toImage()
    assert image.width() == 32
    drawn = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200]
    assert drawn
    assert all(colour.red() > 200 and colour.green() < 60 for colour in drawn)


def test_the_apps_icon_is_there(qapp: QApplication) -> None:
    assert not theme.app_icon().pixmap(64, 64).isNull()


def test_sizes_follow_the_font(qapp: QApplication) -> None:
    small, large = QWidget(), QWidget()
    font = large.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    large.setFont(font)
    assert theme.grid(large) > theme.grid(small)
    assert theme.wide(large, 10) > theme.wide(small, 10)


def test_a_dialog_is_spread_no_further_than_its_screen(qapp: QApplication) -> None:
    dialog = QWidget()
    theme.spread(dialog, 30, 10)
    assert dialog.width() == theme.wide(dialog, 30)
    theme.spread(dialog, 3000, 1000)
    room = dialog.screen().availableSize()
    assert (dialog.width(), dialog.height()) == (room.width() * 9 // 10, room.height() * 9 // 10)
