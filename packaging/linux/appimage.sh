#!/usr/bin/env bash
# An AppImage of the frozen program: python packaging/freeze.py && packaging/linux/appimage.sh
# Needs appimagetool (https://github.com/AppImage/appimagetool) in the PATH.
set -euo pipefail
cd "$(dirname "$0")/../.."

id=io.github.pentimento_editor.Pentimento
version="$(python3 -c 'import re; print(re.search("__version__ = \"(.+)\"", open("editor/__init__.py").read())[1])')"
app=build/Pentimento.AppDir
rm -rf "$app"
mkdir -p "$app/usr/lib" "$app/usr/bin" "$app/usr/share/applications" "$app/usr/share/metainfo" \
  "$app/usr/share/icons/hicolor/scalable/apps"
cp -a dist/pentimento "$app/usr/lib/pentimento"
ln -s ../lib/pentimento/pentimento "$app/usr/bin/pentimento"
ln -s usr/bin/pentimento "$app/AppRun"
cp packaging/linux/pentimento.desktop "$app/usr/share/applications/"
cp packaging/linux/pentimento.desktop "$app/pentimento.desktop"
cp resources/icons/pentimento.svg "$app/usr/share/icons/hicolor/scalable/apps/"
cp resources/icons/pentimento.svg "$app/pentimento.svg"
sed "s/@VERSION@/$version/; s/@DATE@/$(date -I)/" "packaging/linux/$id.metainfo.xml" \
  > "$app/usr/share/metainfo/$id.metainfo.xml"
appimagetool "$app" "dist/Pentimento-$version-$(uname -m).AppImage"
