export const HELP = `scripts/image: makes the image of a card for a Raspberry Pi 3, 4, Zero 2 W or CM4, of Debian 13 and this checkout

  scripts/image [--board NAME|FILE] [--out FOLDER] [--compress zst|xz|none]
                [--package FILE] [--fresh]

  --board B      whose pins, sound and clock are set from power-on; without it
                 nothing is, and scripts/provision sets it for each card
  --out F        where the image goes (default ./images)
  --compress C   zst (default), xz or none: all are read by Raspberry Pi Imager
  --package P    a package of the agent for arm64; default: made of this checkout
  --fresh        with the Debian packages of today; default: those of the first
                 time, kept in ~/.cache/loa-agent

Nothing is mounted on this machine. Needs root, Linux 6.7, and
  apt-get install mmdebstrap qemu-user-static e2fsprogs dosfstools mtools \\
    device-tree-compiler zstd
The first time takes ten minutes and more: packages are set up by emulated
programs.
docs/card-image.md: what is in it, and what only the board itself shows.
Exit codes: 0 made and looked at, 1 not made, 2 wrong usage.`
