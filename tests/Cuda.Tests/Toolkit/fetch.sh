#!/usr/bin/env bash
# Unpacks packages of another release of Debian, from the mirror that this machine uses, into a folder: a CUDA to
# compile with and to compare with, beside the one that is installed. Installs nothing, and needs no root.
#
#   tests/Cuda.Tests/Toolkit/fetch.sh FOLDER RELEASE PACKAGES...
set -euo pipefail
folder=$(mkdir -p "$1/apt/lists/partial" "$1/apt/archives/partial" && cd "$1" && pwd)
release=$2
shift 2
mirror=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
  sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1) || true
key=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$key] $mirror $release main contrib non-free" >"$folder/apt/sources.list"
: >"$folder/apt/status"
apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$folder/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$folder/apt/lists" -o Dir::State::status="$folder/apt/status" \
    -o Dir::Cache="$folder/apt" -o APT::Sandbox::User="$(id -un)" "$@"
}
apt update
cd "$folder/apt/archives"
apt download "$@"
for package in ./*.deb; do
  dpkg-deb -x "$package" "$folder"
  rm "$package"
done
ls -d "$folder"/usr/lib/*-linux-gnu
