"""The language of the window: the system's, or the one chosen in the preferences."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

import resources

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Languages there are, by their code, each named in itself. English is that of the sources; each
other one has a ``pentimento_<code>.qm`` among the translations."""

MINUS = "\N{MINUS SIGN}"

TRANSLATIONS = resources.TRANSLATIONS


def locale_of(setting: str) -> QLocale:
    """The locale of the setting ``language``: ``system`` or a code.

    The system's own keeps the country of the user, for its numbers.
    """
    system = QLocale.system()
    if setting == "system":
        return system
    chosen = QLocale(setting)
    return system if system.language() == chosen.language() else chosen


def speak(app: QCoreApplication, setting: str) -> None:
    """Show the texts and numbers of windows made from now on in the language of the setting.

    What has no translation stays English. To be called once, before the first window.
    """
    locale = locale_of(setting)
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    QLocale.setDefault(locale)
    if locale.language() == QLocale.Language.English:
        return
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qt), ("pentimento", str(TRANSLATIONS))):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)


def number(value: float, decimals: int = 0) -> str:
    """A number with the decimal sign of the language, and a minus sign instead of a hyphen."""
    return with_minus(QLocale().toString(float(value), "f", decimals))


def with_minus(text: str) -> str:
    """The text of a number with a minus sign, as wide as a plus, instead of a hyphen."""
    return text.replace("-", MINUS)
