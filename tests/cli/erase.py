#!/usr/bin/env python3
"""erase.py OLD NEW: two bundles, the second one erased from the first.

Takes both apart by their seek tables, without the project's reader, and says for each data frame of
lines and bytes whether it is the same: fails unless exactly those differ whose content does. Prints
how many are the same and how many differ.
"""
import hashlib
import struct
import subprocess
import sys


class Bundle:
    def __init__(self, path):
        data = open(path, "rb").read()
        count, descriptor, magic = struct.unpack("<IBI", data[-9:])
        assert (descriptor, magic) == (0, 0x8F92EAB1)
        table = len(data) - 17 - 8 * count
        sizes = [struct.unpack_from("<II", data, table + 8 + 8 * i) for i in range(count)]
        self.frames, at = [], 0
        for size, _ in sizes:
            self.frames.append(data[at:at + size])
            at += size
        assert at == table
        self.entries = {}
        self.read_list()

    def read(self, frame):
        return subprocess.run(["zstd", "-dcq"], input=self.frames[frame], stdout=subprocess.PIPE,
                              check=True).stdout

    def header(self, frame):
        """The name in a header frame, or None."""
        block = self.read(frame)
        block = block[len(block) - len(block.lstrip(b"\0")):]
        if len(block) != 512 or block[257:263] != b"ustar\0":
            return None
        return block[:100].rstrip(b"\0").decode()

    def read_list(self):
        """Entries with their data frames; each content is there once more in the tar."""
        name = None
        for i in range(len(self.frames) - 1):
            header = self.header(i)
            if header is not None:
                name = header
                self.entries[name] = []
            else:
                self.entries[name].append(i)


def digests(bundle, name):
    return [hashlib.sha256(bundle.frames[i]).hexdigest() for i in bundle.entries[name]]


old, new = Bundle(sys.argv[1]), Bundle(sys.argv[2])
folders = ("recipients/", "responses/", "findings/", "sources/", "set-aside/", "originals/")
names = [n for n in old.entries if n.startswith(folders)]
assert names == [n for n in new.entries if n.startswith(folders)], "other entries"
same = differ = 0
for n in names:
    a, b = old.entries[n], new.entries[n]
    if n.startswith(("set-aside/", "originals/")) and len(a) != len(b):
        differ += 1
        continue
    assert len(a) == len(b), n
    for i, j in zip(a, b):
        content = old.read(i) == new.read(j)
        frame = old.frames[i] == new.frames[j]
        assert content == frame, "a frame of %s was made anew" % n
        same, differ = same + frame, differ + (not frame)
print(same, "same,", differ, "differ")
