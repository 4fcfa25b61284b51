#!/bin/sh
# Copies of audio files as mp3 (64 and 128 kbit/s) and Ogg Vorbis, for the example `robustness`; needs ffmpeg with libmp3lame and libvorbis.
# sh encode.sh TARGET FILE…
set -eu
target=$1
shift
mkdir -p "$target/mp3-64" "$target/mp3-128" "$target/vorbis"
for file in "$@"; do
    name=$(basename "${file%.*}")
    ffmpeg -nostdin -v error -y -i "$file" -b:a 64k "$target/mp3-64/$name.mp3" -b:a 128k "$target/mp3-128/$name.mp3" \
        -c:a libvorbis -q:a 2 "$target/vorbis/$name.ogg"
done
