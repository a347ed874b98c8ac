"""What the editor tells its users, as codes with parameters.

The engine and the files say ``message("empty-file", name="a.png")``. The command line prints it as
English; the window takes the template of the code in the user's language and puts the parameters
in. The lowest floor of the editor: it imports nothing of ours.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        # Opening a file.
        "empty-file": "“{name}” is empty (0 bytes): look for another copy of it.",
        "damaged-file": "“{name}” is damaged or incomplete and cannot be read ({why}): "
        "copy it again from where it came from.",
        "header-makes-no-sense": "its header makes no sense",
        "pixels-make-no-sense": "its pixel data make no sense",
        "directory-cut-off": "its directory is cut off",
        "blank-end": "its end is blank",
        "too-many-scans": "it goes over its pixels more than {most} times",
        "cut-off": "it ends too early",
        "unknown-kind": "“{name}” is not a picture of a known kind: {kinds} can be opened.",
        "camera-raw": "“{name}” is a camera RAW file: develop it to a JPEG or a 16-bit TIFF first.",
        "too-many-pixels": "“{name}” claims more than {megapixels} megapixels, the most that can "
        "be opened: reduce it in the program it was made with.",
        "no-pixels": "“{name}” says that it has no pixels ({width} × {height}).",
        "too-many-bits": "“{name}” stores its brightness in {bits} bits per channel: "
        "save it with 8 or 16 bits per channel first.",
        "file-too-large": "“{name}” is larger than {gigabytes} GB: "
        "reduce it in the program it was made with.",
        "not-a-file": "“{name}” is not a file: choose a picture.",
        "is-a-folder": "“{name}” is a folder: choose a picture in it.",
        "no-such-file": "There is no file “{path}”: it may have been moved, renamed or deleted.",
        "may-not-read": "You may not read “{name}”: change its permissions or copy it elsewhere.",
        "not-read": "“{name}” cannot be read ({why}): copy it elsewhere and try again.",
        "no-memory-to-open": "There is not enough memory to open “{name}”: "
        "close other programs or pictures.",
        "unnamed": "picture",
        # Notes on an opened picture.
        "exif-left-out": "The EXIF metadata is damaged and was left out.",
        "xmp-left-out": "The XMP metadata is damaged and was left out.",
        "iptc-damaged": "The IPTC metadata is damaged and was left out.",
        "profile-damaged": "The colour profile is damaged and was left out; sRGB is assumed.",
        "profile-does-not-suit": "A colour profile for {space} does not suit these pixels and was "
        "left out.",
        "bits-reduced": "{bits}-bit colour was converted to 8 bits per channel.",
        "grey-converted": "Grey was converted to RGB.",
        "converted": "{space} was converted to sRGB.",
        "converted-without-profile": "{space} was converted to sRGB without a colour profile: "
        "its colours are approximate.",
        "hdr-converted": "HDR colour ({transfer}) was converted to sRGB; what is brighter than "
        "white was compressed.",
        "xmp-partly-left-out": "A part of the XMP metadata is missing in the file.",
        "gain-map-left-out": "The HDR gain map of this file does not go into exports, which are "
        "not HDR.",
        "motion-left-out": "The video of this motion photo does not go into exports.",
        "depth-left-out": "The depth map of this file does not go into exports.",
        "empty-alpha-left-out": "The file has a transparency channel in which nothing is visible; "
        "it was left out.",
        "first-picture-only": "Only the first of the pictures in this file was opened.",
        "first-frame-only": "Only the first frame of the animation was opened.",
        # Why the system did not read or write a file.
        "reason-disk-full": "the disk is full",
        "reason-no-permission": "the system does not permit it",
        "reason-not-found": "it is not there",
        "reason-read-only": "the disk is read-only",
        "reason-name-too-long": "its name is too long",
        "reason-bad-name": "no file can have that name",
        "reason-system-error": "the system reports error {number}",
        # What a format cannot hold.
        "transparency-left-out": "{format} has no transparency; it was left out. What was clear is "
        "white.",
        "exif-too-long": "{format} has no place for EXIF metadata of this length; they were left "
        "out.",
        "xmp-too-long": "{format} has no place for XMP metadata of this length; they were left "
        "out.",
        "iptc-left-out": "{format} has no place for IPTC metadata; they were left out.",
        "comments-left-out": "{format} has no place for comments; they were left out.",
        "texts-left-out": "{format} has no place for the texts in a PNG; they were left out.",
        # The exact copy of an original.
        "kept-as-png": "The file of the original is not known or was changed since; a PNG of it "
        "was kept instead.",
        "kept-nothing": "The file of the first original is not known: only what the pixels gave "
        "back goes along, no exact copy.",
        "compressed-again-restored": "Compressed once more, as a JPEG of quality {quality}, it "
        "still restores, less exactly: this was tried.",
        "compressed-again-lost": "Compressed once more, as a JPEG of quality {quality}, it would "
        "not restore: this was tried. Pass the file on as it is.",
        "copy-of-another": "The exact copy in the file is of another picture, or the picture was "
        "changed too much since: it was not used.",
        "copy-of-changed": "The export was changed since it was made; the exact copy of its "
        "original was not.",
        "copy-damaged": "The exact copy in the file is damaged: it was not used.",
        "copy-converted": "The original is kept as a {format} file; it was converted. A name that "
        "ends in {suffix} gets every byte of it.",
        # Writing a file.
        "no-format": "“{name}” does not say which format to write: let its name end in {suffixes}.",
        "too-long-for-format": "A {format} picture can be at most {most} pixels long, this one is "
        "{length}: choose {others}.",
        "no-memory-to-encode": "There is not enough memory to write this picture as {format}: "
        "close other programs or pictures.",
        "not-encoded": "This picture could not be written as {format}: choose another format.",
        "still-carries": "The picture is an export itself, and what it carries would still come "
        "back from this one; nothing was written. Restore its original, and export that instead.",
        "is-the-photo": "“{name}” is the photo itself, which is never replaced by an export: "
        "choose another name.",
        "exists-already": "“{name}” exists already and was not overwritten: choose another name.",
        "output-is-a-folder": "“{path}” is a folder: choose a name for the picture in it.",
        "disk-full": "The disk is full, “{name}” was not written: "
        "free some space or choose another folder.",
        "may-not-write": "You may not write into the folder “{folder}”, “{name}” was not written: "
        "choose another folder.",
        "no-such-folder": "There is no folder “{folder}”, “{name}” was not written: "
        "choose another folder.",
        "name-too-long": "The name “{start}…” is too long: choose a shorter one.",
        "not-written": "“{name}” was not written ({why}): choose another name or folder.",
        # What is being done.
        "opening-photo": "Opening the photo",
        "opening-file": "Opening the file",
        "saving-photo": "Saving the photo",
        "applying": "Applying {look}",
        "hiding": "Hiding the original",
        "revealing": "Revealing the original",
        "encoding": "Encoding the file",
        "checking": "Checking the file",
        "writing": "Writing the file",
        "done": "Done",
        # How alike two pictures are.
        "identical": "identical",
        "excellent": "excellent",
        "very-good": "very good",
        "good": "good",
        "fair": "fair",
        "poor": "poor",
        # An export of an export.
        "earlier-carried": "The picture is an export itself: this one carries the first original "
        "on.",
        "earlier-without-edits": "The picture is an export itself: this one carries the first "
        "original on. What was done to that is not known, so no edit list goes along.",
        "earlier-damaged": "The picture is an export that was changed since, in about {percent} % "
        "of it: this one carries on what is left of the first original.",
        "earlier-unproven": "The picture is a copy of an export: this one carries on what came "
        "through of the first original. Nothing proves that it was not changed on the way.",
        "earlier-locked": "The picture is a locked export itself: lock this one with the same "
        "passphrase to carry its original on, or export it as a new picture.",
        "earlier-doubtful": "The picture is an export itself, whose original nothing proves: this "
        "one carries it on, and says so.",
        "earlier-lost": "The picture is an export itself, but its original cannot be read any more "
        "({why}): this one carries the picture as it was opened.",
        # What was done to an export as a whole: "it was …".
        "copy-cropped": "cropped to {percent} % of the picture",
        "copy-framed": "given a border",
        "copy-smaller": "made smaller from {across} × {down} to {width} × {height} pixels",
        "copy-larger": "made larger from {across} × {down} to {width} × {height} pixels",
        "copy-compressed": "converted or compressed",
        # Why an export carries nothing.
        "left-out": "It was left out: nobody can restore it from this file.",
        "nothing-to-hide": "No edit changes the photo, so there is nothing to hide.",
        "list-too-long": "The edit list is too long for the pixels: it is in the metadata only, "
        "and gone where those are removed.",
        "locked-list-left-out": "The edit list is too long for the pixels of a locked export, "
        "which has it nowhere else: it was left out.",
        "nothing-to-lock": "No edit changes the photo: the file shows it as it is, to everybody.",
        "not-given-back": "The written file did not give the original back when it was checked.",
        "too-small": "A picture of {width} x {height} pixels is too small to carry its original; "
        "it needs at least {least} pixels on each side.",
        "jpeg-too-small": "A picture of {width} x {height} pixels is too small to carry its "
        "original as a JPEG: that takes about {least} pixels on each side, a PNG {lossless}.",
        "jpeg-quality-too-low": "JPEG quality {quality} is too low to carry the original; "
        "use {least} or more.",
        "jpeg-too-flat": "So much of the picture is flat that a JPEG cannot carry its original; "
        "export PNG instead.",
        "format-carries-nothing": "A {format} file cannot carry the original; "
        "export {others} instead.",
        "the-export": "the export",
        # Why an original does not come back.
        "file-not-restorable": "“{name}” cannot be restored: {why}.",
        "not-restorable": "This picture cannot be restored: {why}.",
        "no-map": "There is nothing to show on a map: {why}.",
        "no-export": "its pixels carry no original: it is not a Pentimento export, or it was "
        "resized, cropped or re-compressed since",
        "edited-without-original": "its edit list says that it was edited with Pentimento, but its "
        "pixels carry no original: it was exported without, or resized, cropped or re-compressed "
        "since",
        "locked": "its original is locked, and takes the passphrase that it was exported with",
        "wrong-passphrase": "This is not the passphrase that the export was locked with.",
        "compressed-too-strongly": "it is a copy that was made too small or compressed too "
        "strongly",
        "changed-too-much": "too much of it was changed since it was exported",
        "other-version": "it was exported by another version of Pentimento ({container} container, "
        "version {version}): install the newest version to restore it",
        # Networks and where they run.
        "weights-index-missing": "The weights' index {path} is missing; reinstall Pentimento.",
        "weights-index-damaged": "The weights' index {path} is damaged; reinstall Pentimento.",
        "weights-none-for": "There are no weights for {channel}; reinstall Pentimento.",
        "weights-unknown": "There are no weights named '{name}'; installed ones: {known}.",
        "weights-missing": "The weights {path} are missing; reinstall Pentimento.",
        "weights-damaged": "The weights {path} are damaged; reinstall Pentimento.",
        "weights-do-not-fit": "The weights {path} do not fit this version of Pentimento.",
        "reference-used": "The weights of the learned operators are missing or damaged; the "
        "reference algorithms were used, which take longer.",
        "unknown-device": "Unknown device '{name}'; choose one of {known}.",
        "no-such-device": "This computer has no {name} device; use --device auto.",
        # Edits.
        "unknown-operator": "There is no operator '{name}'. Known ones: {known}.",
        "strength-out-of-range": "{operator} takes a strength from {least} to {most}, "
        "not {strength}.",
        "strength-not-whole": "{operator} takes multiples of {multiple}.",
        "geometry-in-part": "{operator} changes the whole photo: it takes no mask and no opacity.",
        "unknown-setting": "{operator} has no setting '{name}'. Known ones: {known}.",
        "setting-unfit": "{operator} takes as {name}: {form}.",
        "opacity-out-of-range": "Opacity goes from 0 to 1, not {opacity}.",
        "stroke-out-of-range": "A stroke's softness, strength and pressure go from 0 to 1.",
        "stroke-too-far": "A stroke lies too far from its picture.",
        "brush-size": "A brush of size {size} cannot be used.",
        "gradient-out-of-range": "A gradient lies too far from its picture, or has no size.",
        "mask-not-stored": "The mask could not be stored.",
        "recipe-of-newer-version": "The edit list was written by a newer Pentimento "
        "(recipe version {version}).",
        "recipe-damaged": "The edit list in the file is damaged.",
        # Parts of sentences.
        "and": "{others} and {last}",
        "or": "{others} or {last}",
    }
)
"""The English sentence of every code, with its parameters as named fields."""


class Name(str):
    """The English name of an operator: a parameter that has a translation of its own."""

    __slots__ = ()


Parameter: TypeAlias = "str | int | Name | Message"


@dataclass(frozen=True)
class Message:
    """Something to tell the user. `str` gives the English sentence.

    Attributes:
        code: one of `TEMPLATES`.
        parameters: what varies in it, by name, in alphabetical order; see `message`.

    Raises:
        ValueError: for an unknown code, or other parameters than its template has.
    """

    code: str
    parameters: tuple[tuple[str, Parameter], ...] = ()

    def __post_init__(self) -> None:
        if self.code not in TEMPLATES:
            raise ValueError(f"there is no message {self.code!r}")
        given = {name for name, _ in self.parameters}
        if given != fields(TEMPLATES[self.code]):
            raise ValueError(f"message {self.code!r} does not take {sorted(given)}")

    def __str__(self) -> str:
        return TEMPLATES[self.code].format(**dict(self.parameters))


def message(code: str, /, **parameters: Parameter) -> Message:
    """The message of a code, with these parameters. Raises ValueError as `Message`."""
    return Message(code, tuple(sorted(parameters.items())))


def fields(template: str) -> frozenset[str]:
    """Names of the parameters in a template."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def all_of(words: Sequence[str]) -> Message:
    """Two words or more as “a, b and c”."""
    return message("and", others=", ".join(words[:-1]), last=words[-1])


def one_of(words: Sequence[str]) -> Message:
    """Two words or more as “a, b or c”."""
    return message("or", others=", ".join(words[:-1]), last=words[-1])


class MessageError(Exception):
    """An error that the user is told about: what happened and, where one can, what to do.

    Attributes:
        message: says so; ``str(error)`` is its English sentence.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message
