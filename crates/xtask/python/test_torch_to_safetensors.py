"""Tests of torch_to_safetensors.py, on files that are pickled as torch does, without torch."""

import io
import json
import os
import pickle
import struct
import subprocess
import sys
import tempfile
import types
import unittest
import zipfile
from collections import OrderedDict

SCRIPT = os.path.join(os.path.dirname(__file__), "torch_to_safetensors.py")


class Storage:
    def __init__(self, key, values):
        self.key, self.count, self.data = key, len(values), struct.pack(f"<{len(values)}f", *values)


class FloatStorage:
    __module__ = "torch"


def _rebuild_tensor_v2(*_):
    raise NotImplementedError


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        self.parts = (storage, offset, shape, strides, False, OrderedDict())

    def __reduce__(self):
        return _rebuild_tensor_v2, self.parts


class Pickler(pickle.Pickler):
    legacy = False

    def persistent_id(self, thing):
        if isinstance(thing, Storage):
            return ("storage", FloatStorage, thing.key, "cpu", thing.count, *([None] if self.legacy else []))
        return None


class LegacyPickler(Pickler):
    legacy = True


def pickled(thing, pickler=Pickler):
    file = io.BytesIO()
    pickler(file, protocol=2).dump(thing)
    return file.getvalue()


def zip_file(state, storages):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model/data.pkl", pickled(state))
        for storage in storages:
            archive.writestr(f"model/data/{storage.key}", storage.data)
    return file.getvalue()


def legacy_file(state, storages):
    head = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    body = b"".join(pickled(part) for part in head) + pickled(state, LegacyPickler)
    body += pickled([storage.key for storage in storages])
    return body + b"".join(struct.pack("<q", storage.count) + storage.data for storage in storages)


class Conversion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Pickle looks up by module and name what it stores a reference to.
        utils = types.ModuleType("torch._utils")
        utils._rebuild_tensor_v2 = _rebuild_tensor_v2
        _rebuild_tensor_v2.__module__ = "torch._utils"
        torch = types.ModuleType("torch")
        torch.FloatStorage, torch._utils = FloatStorage, utils
        sys.modules.update({"torch": torch, "torch._utils": utils})

    def convert(self, content):
        """Returns {name: (shape, values)} of the converted file, or raises with what the script complained about."""
        with tempfile.TemporaryDirectory() as folder:
            source, target = os.path.join(folder, "in"), os.path.join(folder, "out")
            with open(source, "wb") as file:
                file.write(content)
            done = subprocess.run([sys.executable, SCRIPT, source, target], stderr=subprocess.PIPE, universal_newlines=True)
            if done.returncode:
                raise ValueError(done.stderr)
            with open(target, "rb") as file:
                (length,) = struct.unpack("<Q", file.read(8))
                header, data = json.loads(file.read(length)), file.read()
        tensors = {}
        for name, entry in header.items():
            start, end = entry["data_offsets"]
            tensors[name] = (entry["shape"], list(struct.unpack(f"<{(end - start) // 4}f", data[start:end])))
        return tensors

    def test_both_formats_and_any_order_of_elements(self):
        first, second = Storage("7", [0, 1, 2, 3, 4, 5, 6]), Storage("8", [9])
        state = OrderedDict(
            rows=Tensor(first, 1, (2, 3), (3, 1)),
            columns=Tensor(first, 1, (2, 3), (1, 2)),
            scalar=Tensor(second, 0, (), ()),
        )
        state["bn.num_batches_tracked"] = Tensor(second, 0, (1,), (1,))
        state._metadata = OrderedDict(version=1)
        expected = {
            "rows": ([2, 3], [1, 2, 3, 4, 5, 6]),
            "columns": ([2, 3], [1, 3, 5, 2, 4, 6]),
            "scalar": ([], [9]),
        }
        self.assertEqual(self.convert(zip_file(state, [first, second])), expected)
        self.assertEqual(self.convert(legacy_file(state, [first, second])), expected)

    def test_code_in_a_pickle_is_not_run(self):
        for content in (pickled(os.getcwd), zip_file({"weight": os.getcwd}, [])):
            with self.assertRaisesRegex(ValueError, "does not belong in a file of weights"):
                self.convert(content)

    def test_damaged_files_are_refused(self):
        storage = Storage("0", [1, 2])
        whole = legacy_file({"weight": Tensor(storage, 0, (2,), (1,))}, [storage])
        for content in (b"", b"not weights", whole[:-3], legacy_file({"weight": Tensor(storage, 1, (2,), (1,))}, [storage])):
            with self.assertRaisesRegex(ValueError, "in: "):
                self.convert(content)


if __name__ == "__main__":
    unittest.main()
