"""Every action of the window as data: text, keys, icon, place in the menus.

The window gives each a method of the same name (``open_photo`` for ``open-photo``); the shortcut
sheet is made from this table, so it cannot disagree with the keys.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        id: ``open-photo`` calls the window's ``open_photo``.
        text: in the menu, with its mnemonic.
        keys: shortcuts, the first one shown.
        icon: name of an icon in `resources/icons`.
        tip: tooltip.
        checkable: a switch.
        needs: ``photo``: enabled with a photo open; ``brush``: with the brush in hand; ``export``:
            with a recognised export open.
        menu: the menu it is in; empty for actions that have only keys.
        group: heading in the shortcut sheet; that of the menu when empty.
        separator: a line above it.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    needs: str = ""
    menu: str = ""
    group: str = ""
    separator: bool = False


def _t(text: str) -> str:
    """Marks a text for translation; it is translated when the action is made."""
    return text


MENUS = (_t("&File"), _t("&Edit"), _t("&View"), _t("&Brush"), _t("&Help"))
FILE, EDIT, VIEW, BRUSH, HELP = MENUS

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "open-photo", _t("&Open…"), ("Ctrl+O",), "folder-open", _t("Open a photo"), menu=FILE
    ),
    ActionSpec(
        "export", _t("&Export…"), ("Ctrl+E", "Ctrl+Shift+S"), "file-output",
        _t("Export an ordinary picture that carries its own original"),
        needs="photo", menu=FILE, separator=True,
    ),
    ActionSpec(
        "save", _t("&Save"), ("Ctrl+S",), "",
        _t("Save a restored original, or export an edited photo"), needs="photo", menu=FILE,
    ),
    ActionSpec(
        "restore-original", _t("&Restore original"), ("Ctrl+R",), "history",
        _t("Give back the original photo that this export carries"),
        needs="photo", menu=FILE, separator=True,
    ),
    ActionSpec(
        "re-edit", _t("Re-e&dit"), ("Ctrl+Shift+R",), "",
        _t("The original with its edit list back on top"), needs="photo", menu=FILE,
    ),
    ActionSpec(
        "close-photo", _t("&Close photo"), ("Ctrl+W",), needs="photo", menu=FILE, separator=True
    ),
    ActionSpec("quit", _t("&Quit"), ("Ctrl+Q",), menu=FILE),
    ActionSpec("undo", _t("&Undo"), ("Ctrl+Z",), "undo-2", _t("Undo"), needs="undo", menu=EDIT),
    ActionSpec(
        "redo", _t("&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", _t("Redo"),
        needs="redo", menu=EDIT,
    ),
    ActionSpec(
        "copy-look", _t("&Copy picture"), ("Ctrl+C",), "", _t("Copy the picture as it looks now"),
        needs="photo", menu=EDIT, separator=True,
    ),
    ActionSpec("paste", _t("&Paste picture"), ("Ctrl+V",), "clipboard-paste", menu=EDIT),
    ActionSpec(
        "delete-edit", _t("&Delete edit"), ("Delete",), "trash-2", needs="edit", menu=EDIT,
        separator=True,
    ),
    ActionSpec(
        "switch-edit", _t("&Switch edit on or off"), ("H",), "eye", needs="edit", menu=EDIT
    ),
    ActionSpec("edit-earlier", _t("Apply &earlier"), ("Alt+Up",), needs="edit", menu=EDIT),
    ActionSpec("edit-later", _t("Apply &later"), ("Alt+Down",), needs="edit", menu=EDIT),
    ActionSpec("next-edit", _t("Select &next edit"), ("Ctrl+Down",), needs="edit", menu=EDIT),
    ActionSpec("previous-edit", _t("Select pre&vious edit"), ("Ctrl+Up",), needs="edit", menu=EDIT),
    ActionSpec(
        "brighter", _t("Bri&ghter by 0.1 EV"), ("Ctrl+]",), needs="photo", menu=EDIT,
        separator=True,
    ),
    ActionSpec("darker", _t("Dar&ker by 0.1 EV"), ("Ctrl+[",), needs="photo", menu=EDIT),
    ActionSpec(
        "remove-all", _t("Remove &all edits"), (), needs="edit", menu=EDIT, separator=True
    ),
    ActionSpec(
        "preferences", _t("Prefere&nces…"), ("Ctrl+,",), "settings", menu=EDIT, separator=True
    ),
    ActionSpec(
        "zoom-in", _t("Zoom &in"), ("Ctrl++", "Ctrl+=", "+"), needs="photo", menu=VIEW
    ),
    ActionSpec("zoom-out", _t("Zoom &out"), ("Ctrl+-", "-"), needs="photo", menu=VIEW),
    ActionSpec(
        "zoom-fit", _t("&Fit"), ("Ctrl+0", "F"), "maximize", _t("Show the whole photo"),
        needs="photo", menu=VIEW,
    ),
    ActionSpec(
        "zoom-actual", _t("&100 %"), ("Ctrl+1", "Z"), "scan",
        _t("One pixel of the photo on one of the screen"), needs="photo", menu=VIEW,
    ),
    ActionSpec(
        "compare", _t("&Compare"), ("C",), "square-split-horizontal",
        _t("Before and after, side by side: drag the bar"),
        checkable=True, needs="photo", menu=VIEW, separator=True,
    ),
    ActionSpec(
        "mark-clipping", _t("Mark clipp&ing"), ("J",), "triangle-alert",
        _t("Mark what is clipped: by the edits red and blue, in the photo magenta and violet"),
        checkable=True, needs="photo", menu=VIEW,
    ),
    ActionSpec(
        "panels", _t("Side &panels"), ("P",), "panel-right", checkable=True, menu=VIEW,
        separator=True,
    ),
    ActionSpec("full-screen", _t("F&ull screen"), ("F11",), checkable=True, menu=VIEW),
    ActionSpec(
        "brush", _t("&Retouch brush"), ("B",), "brush", _t("Paint over skin to smooth it"),
        checkable=True, needs="photo", menu=BRUSH,
    ),
    ActionSpec("brush-smaller", _t("&Smaller"), ("[",), needs="brush", menu=BRUSH, separator=True),
    ActionSpec("brush-larger", _t("&Larger"), ("]",), needs="brush", menu=BRUSH),
    ActionSpec(
        "brush-harder", _t("&Harder edge"), ("Shift+[",), needs="brush", menu=BRUSH
    ),
    ActionSpec("brush-softer", _t("S&ofter edge"), ("Shift+]",), needs="brush", menu=BRUSH),
    ActionSpec(
        "brush-erase", _t("&Erase"), ("X",), "eraser", checkable=True, needs="brush", menu=BRUSH,
        separator=True,
    ),
    ActionSpec(
        "brush-overlay", _t("O&verlay"), ("O",), "layers", checkable=True, needs="brush",
        menu=BRUSH,
    ),
    ActionSpec(
        "brush-stay", _t("Stay on s&kin"), ("K",), "", checkable=True, needs="brush", menu=BRUSH
    ),
    ActionSpec("shortcuts", _t("&Keyboard shortcuts"), ("F1", "?"), "keyboard", menu=HELP),
    ActionSpec("open-sample", _t("Open the &sample photo"), (), "image", menu=HELP),
    ActionSpec("about", _t("&About Pentimento"), (), "info", menu=HELP, separator=True),
    *(
        ActionSpec(f"brush-strength-{n}", _t("Brush strength"), (str(n % 10),), needs="brush")
        for n in range(1, 11)
    ),
)  # fmt: skip

MOUSE_AND_KEYS: tuple[tuple[str, str], ...] = (
    (_t("Hold \\"), _t("Show the photo before the edits")),
    (_t("Wheel"), _t("Zoom at the cursor")),
    (_t("Space or middle button, drag"), _t("Pan")),
    (_t("Double-click"), _t("Between fit and 100 %; on a slider: reset")),
    (_t("Shift+Left, Shift+Right"), _t("Move the compare bar")),
    (_t("1 … 9, 0"), _t("Brush strength 10 % … 90 %, 100 %")),
    (_t("Escape"), _t("Give up a stroke, put the brush away, cancel what runs")),
    (_t("Shift+click on a look"), _t("Put it in place of the selected edit")),
)
"""What the shortcut sheet lists beside the actions."""

TOOLBAR: tuple[str, ...] = (
    "open-photo", "|", "undo", "redo", "|", "brush", "compare", "|", "zoom-fit", "zoom-actual",
    "<>", "restore-original", "export",
)  # fmt: skip
"""Actions of the tool bar; ``|`` a line, ``<>`` all the room that is left."""
