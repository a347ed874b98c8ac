#!/usr/bin/env bash
# Try a Debian package in a clean Debian 12 that has nothing else: install it, start it under Xvfb,
# export and restore a photo, remove it. As root; needs debootstrap and the network.
#
#     bash packaging/linux/try_deb.sh dist/pentimento_VERSION_ARCH.deb FOLDER
#
# FOLDER gets the Debian, which is kept for the next time.
set -euo pipefail
deb=$(realpath "$1")
system=$2
here=$(dirname "$(realpath "$0")")

if [ ! -x "$system/usr/bin/apt-get" ]; then
  debootstrap --variant=minbase bookworm "$system" http://deb.debian.org/debian >/dev/null
fi
system=$(realpath "$system")
cp "$deb" "$system/tmp/pentimento.deb"
cp "$here/../../resources/sample/lake.jpg" "$system/tmp/photo.jpg"

inside() {
  chroot "$system" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
}

mount --bind /dev "$system/dev"
mount -t proc proc "$system/proc"
trap 'umount "$system/proc" "$system/dev"' EXIT

inside apt-get update -qq
inside apt-get install -qq -y --no-install-recommends xvfb xauth >/dev/null
inside apt-get install -qq -y --no-install-recommends /tmp/pentimento.deb >/dev/null
inside sh -c '! command -v python3' || echo "Note: this Debian has a Python of its own."

inside xvfb-run -a pentimento --self-test
cd "$system/tmp" && rm -rf ex ori && mkdir ex ori
for suffix in png jpg; do
  inside pentimento apply /tmp/photo.jpg -o /tmp/ex/photo.$suffix --edit film --edit exposure=0.3
  inside pentimento inspect /tmp/ex/photo.$suffix
  inside pentimento restore /tmp/ex/photo.$suffix -o /tmp/ori/$suffix.png
done

inside apt-get purge -qq -y pentimento >/dev/null
left=$(find "$system" -xdev -iname '*pentimento*' -not -path '*/tmp/*' -not -path '*/proc/*' -not -path '*/var/lib/apt/*')
[ -z "$left" ] || { echo "left behind: $left" && exit 1; }
echo "Installed, started, exported, restored and removed."
