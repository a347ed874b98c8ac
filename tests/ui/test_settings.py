"""Settings: defaults, casts, validation."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings

from editor.ui.dialogs.dialogs import PreferencesDialog
from editor.ui.session.settings import SETTINGS, Settings
from models.networks.device_names import DEVICES


def test_every_default_is_valid(settings):
    for name, setting in SETTINGS.items():
        if name != "export/folder":
            assert settings[name] == setting.default
        assert setting.valid(setting.default)


def test_values_survive_a_restart(settings, tmp_path):
    settings["theme"] = "light"
    settings["export/keep_metadata"] = False
    settings["brush/size"] = 0.125
    settings.remember_file("/a.jpg")
    settings.remember_file("/b.jpg")
    settings.remember_file("/a.jpg")
    settings._store.sync()
    again = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert again["theme"] == "light"
    assert again["export/keep_metadata"] is False
    assert again["brush/size"] == 0.125
    assert again["recent"] == ["/a.jpg", "/b.jpg"]


@pytest.mark.parametrize(
    ("name", "stored"),
    [("theme", "purple"), ("export/quality", "many"), ("export/quality", 0), ("threads", -1)],
)
def test_nonsense_in_the_file_gives_the_default(settings, name, stored):
    settings._store.setValue(name, stored)
    assert settings[name] == SETTINGS[name].default


def test_nonsense_is_not_stored_and_unknown_names_are_refused(settings):
    with pytest.raises(ValueError, match="purple"):
        settings["theme"] = "purple"
    with pytest.raises(KeyError):
        settings["no-such-thing"]


def test_at_most_ten_recent_files(settings):
    for i in range(15):
        settings.remember_file(f"/{i}.jpg")
    assert settings["recent"] == [f"/{i}.jpg" for i in range(14, 4, -1)]


def test_the_devices_are_those_that_networks_can_run_on(settings, window):
    preferences = PreferencesDialog(settings, window)
    offered = [preferences.device.itemData(i) for i in range(preferences.device.count())]
    assert offered == list(DEVICES)
    assert all(SETTINGS["device"].valid(name) for name in DEVICES)
    preferences.reject()
