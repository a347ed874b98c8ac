"""Every action of the window as data: text, keys, icon, place in the menus.

What an action does is in `handlers` of the controller that does it; `ActionSet.bind` refuses an
action without a handler. The shortcut sheet is made from this table, so it cannot disagree with the
keys. The translators' texts are taken from it, too (`update_translations`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        id: names it in the table of handlers.
        text: in the menu, with its mnemonic.
        keys: shortcuts, the first one shown. What has a bracket or the like, which many keyboards
            have only with AltGr, has a second one that every keyboard has.
        icon: name of an icon in `resources/icons`.
        tip: tooltip.
        checkable: a switch.
        needs: ``photo``: enabled with a photo open; ``edit``: with an edit selected; ``undo`` and
            ``redo``: with a step to undo or redo; ``brush``: with the brush in hand;
            ``masking``: with any tool for masks in hand; ``mask``: with the mask of an edit to
            change; ``original``: with an export open whose original can be restored.
        menu: the menu it is in; empty for actions that have only keys.
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
    separator: bool = False


MENUS = ("&File", "&Edit", "&View", "&Crop", "&Mask", "&Help")
FILE, EDIT, VIEW, CROP, MASK, HELP = MENUS

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "open-photo", "&Open…", ("Ctrl+O",), "folder-open", "Open a photo", menu=FILE
    ),
    ActionSpec(
        "export", "&Export…", ("Ctrl+E", "Ctrl+Shift+S"), "file-output",
        "Export an ordinary picture that carries its own original",
        needs="photo", menu=FILE, separator=True,
    ),
    ActionSpec(
        "save", "&Save", ("Ctrl+S",), "",
        "Save a restored original, or export an edited photo", needs="photo", menu=FILE,
    ),
    ActionSpec(
        "restore-original", "&Restore original", ("Ctrl+R",), "history",
        "Give back the original photo that this export carries",
        needs="original", menu=FILE, separator=True,
    ),
    ActionSpec(
        "re-edit", "Re-e&dit", ("Ctrl+Shift+R",), "",
        "The original with its edit list back on top", needs="original", menu=FILE,
    ),
    ActionSpec(
        "close-photo", "&Close photo", ("Ctrl+W",), needs="photo", menu=FILE, separator=True
    ),
    ActionSpec("quit", "&Quit", ("Ctrl+Q",), menu=FILE),
    ActionSpec("undo", "&Undo", ("Ctrl+Z",), "undo-2", "Undo", needs="undo", menu=EDIT),
    ActionSpec(
        "redo", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "Redo",
        needs="redo", menu=EDIT,
    ),
    ActionSpec(
        "copy-look", "&Copy picture", ("Ctrl+C",), "", "Copy the picture as it looks now",
        needs="photo", menu=EDIT, separator=True,
    ),
    ActionSpec("paste", "&Paste picture", ("Ctrl+V",), "clipboard-paste", menu=EDIT),
    ActionSpec(
        "copy-edits", "Copy edi&ts", ("Ctrl+Shift+C",), "",
        "Copy all edits with their masks, to be pasted on another photo", needs="edit", menu=EDIT,
    ),
    ActionSpec(
        "paste-edits", "Paste edit&s", ("Ctrl+Shift+V",), "",
        "Put the edits of the clipboard in place of those there are", needs="photo", menu=EDIT,
    ),
    ActionSpec(
        "delete-edit", "&Delete edit", ("Delete",), "trash-2", needs="edit", menu=EDIT,
        separator=True,
    ),
    ActionSpec(
        "switch-edit", "&Switch edit on or off", ("H",), "eye", needs="edit", menu=EDIT
    ),
    ActionSpec("edit-earlier", "Apply &earlier", ("Alt+Up",), needs="edit", menu=EDIT),
    ActionSpec("edit-later", "Apply &later", ("Alt+Down",), needs="edit", menu=EDIT),
    ActionSpec("next-edit", "Select &next edit", ("Ctrl+Down",), needs="edit", menu=EDIT),
    ActionSpec("previous-edit", "Select pre&vious edit", ("Ctrl+Up",), needs="edit", menu=EDIT),
    ActionSpec(
        "brighter", "Bri&ghter by 0.1 EV", ("Ctrl+]", "Ctrl+Shift+Up"), needs="photo", menu=EDIT,
        separator=True,
    ),
    ActionSpec(
        "darker", "Dar&ker by 0.1 EV", ("Ctrl+[", "Ctrl+Shift+Down"), needs="photo", menu=EDIT
    ),
    ActionSpec(
        "remove-all", "Remove &all edits", (), needs="edit", menu=EDIT, separator=True
    ),
    ActionSpec(
        "preferences", "Prefere&nces…", ("Ctrl+,",), "settings", menu=EDIT, separator=True
    ),
    ActionSpec(
        "zoom-in", "Zoom &in", ("Ctrl++", "Ctrl+=", "+"), needs="photo", menu=VIEW
    ),
    ActionSpec("zoom-out", "Zoom &out", ("Ctrl+-", "-"), needs="photo", menu=VIEW),
    ActionSpec(
        "zoom-fit", "&Fit", ("Ctrl+0", "F"), "maximize", "Show the whole photo",
        needs="photo", menu=VIEW,
    ),
    ActionSpec(
        "zoom-actual", "&100 %", ("Ctrl+1", "Z"), "scan",
        "One pixel of the photo on one of the screen", needs="photo", menu=VIEW,
    ),
    ActionSpec(
        "compare", "&Compare", ("C",), "square-split-horizontal",
        "Before and after, side by side: drag the bar",
        checkable=True, needs="photo", menu=VIEW, separator=True,
    ),
    ActionSpec(
        "mark-clipping", "Mark clipp&ing", ("J",), "triangle-alert",
        "Mark what is clipped: by the edits red and blue, in the photo magenta and violet",
        checkable=True, needs="photo", menu=VIEW,
    ),
    ActionSpec(
        "show-changes", "Show c&hanges since the export", ("M",), "",
        "Show where this export was changed since, and how far its original can be trusted",
        checkable=True, needs="photo", menu=VIEW,
    ),
    ActionSpec(
        "panels", "Side &panels", ("P",), "panel-right", checkable=True, menu=VIEW,
        separator=True,
    ),
    ActionSpec(
        "history", "H&istory", ("Ctrl+H",), "",
        "Show the steps that were done; a click goes to one", checkable=True, menu=VIEW,
    ),
    ActionSpec("full-screen", "F&ull screen", ("F11",), checkable=True, menu=VIEW),
    ActionSpec(
        "crop", "&Crop and straighten", ("R",), "crop", "Crop and straighten the photo",
        checkable=True, needs="photo", menu=CROP,
    ),
    ActionSpec(
        "turn-left", "Turn &left", ("Shift+T",), "rotate-ccw", needs="photo", menu=CROP,
        separator=True,
    ),
    ActionSpec("turn-right", "Turn &right", ("T",), "rotate-cw", needs="photo", menu=CROP),
    ActionSpec(
        "mirror", "&Mirror left and right", ("Shift+M",), "flip-horizontal", needs="photo",
        menu=CROP,
    ),
    ActionSpec(
        "flip", "Mirror &top and bottom", (), "flip-vertical", needs="photo", menu=CROP
    ),
    ActionSpec(
        "brush", "&Retouch brush", ("B",), "brush", "Paint over skin to smooth it",
        checkable=True, needs="photo", menu=MASK,
    ),
    ActionSpec(
        "mask-brush", "&Paint a mask", ("Shift+B",), "",
        "Paint where the selected edit acts", needs="edit", menu=MASK, separator=True,
    ),
    ActionSpec(
        "mask-linear", "Li&near gradient", ("G",), "square-dashed-top-solid",
        "Let the selected edit fade from one side to the other", needs="edit", menu=MASK,
    ),
    ActionSpec(
        "mask-radial", "Ra&dial gradient", ("Shift+G",), "circle-dot-dashed",
        "Let the selected edit act in an ellipse", needs="edit", menu=MASK,
    ),
    ActionSpec(
        "mask-invert", "&Invert the mask", ("I",), "", "The edit acts where it did not",
        needs="mask", menu=MASK,
    ),
    ActionSpec(
        "brush-smaller", "&Smaller", ("[", "Ctrl+Left"), needs="brush", menu=MASK, separator=True
    ),
    ActionSpec("brush-larger", "&Larger", ("]", "Ctrl+Right"), needs="brush", menu=MASK),
    ActionSpec(
        "brush-harder", "&Harder edge", ("Shift+[", "Ctrl+Shift+Left"), needs="brush", menu=MASK
    ),
    ActionSpec(
        "brush-softer", "S&ofter edge", ("Shift+]", "Ctrl+Shift+Right"), needs="brush", menu=MASK
    ),
    ActionSpec(
        "brush-erase", "&Erase", ("X",), "eraser", checkable=True, needs="brush", menu=MASK,
        separator=True,
    ),
    ActionSpec(
        "brush-overlay", "O&verlay", ("O",), "layers", checkable=True, needs="masking",
        menu=MASK,
    ),
    ActionSpec(
        "brush-stay", "Stay on s&kin", ("K",), "", checkable=True, needs="brush", menu=MASK
    ),
    ActionSpec("shortcuts", "&Keyboard shortcuts", ("F1", "?"), "keyboard", menu=HELP),
    ActionSpec("open-sample", "Open the &sample photo", (), "image", menu=HELP),
    ActionSpec("about", "&About Pentimento", (), "info", menu=HELP, separator=True),
    *(
        ActionSpec(f"brush-strength-{n}", "Brush strength", (str(n % 10),), needs="brush")
        for n in range(1, 11)
    ),
)  # fmt: skip

MOUSE_AND_KEYS: tuple[tuple[str, str], ...] = (
    ("Hold \\", "Show the photo before the edits"),
    ("Wheel", "Zoom at the cursor"),
    ("Space or middle button, drag", "Pan"),
    ("Double-click", "Between fit and 100 %; on a slider: reset"),
    ("Shift+Left, Shift+Right", "Move the compare bar"),
    ("1 … 9, 0", "Brush strength 10 % … 90 %, 100 %"),
    ("Arrows, Shift+Arrows", "Move the crop, make it larger or smaller"),
    ("Return, X", "Crop; swap portrait and landscape"),
    ("Escape", "Give up a stroke or a crop, put the brush away, cancel what runs"),
    ("Click on a look", "Put it in place of the look there is; once more: take it away"),
    ("Shift+click on a look", "Add it on top of the looks there are"),
)
"""What the shortcut sheet lists beside the actions."""

TOOLBAR: tuple[str, ...] = (
    "open-photo", "|", "undo", "redo", "|", "crop", "brush", "compare", "|", "zoom-fit",
    "zoom-actual",
    "<>", "restore-original", "export",
)  # fmt: skip
"""Actions of the tool bar; ``|`` a line, ``<>`` all the space that is left."""
