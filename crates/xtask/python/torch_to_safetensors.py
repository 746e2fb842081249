"""Converts a file of weights written by torch.save to safetensors: python3 torch_to_safetensors.py IN OUT

Reads both the legacy format (a run of pickles, then raw storages) and the zip format, with Python's standard library
alone. A pickle can run any code it names, so only the few constructors that a dictionary of tensors needs are
allowed. `num_batches_tracked` counters, which inference never reads, are dropped; all other names are kept.
"""

import json
import math
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001

# Storage class name -> (safetensors dtype, bytes per element).
DTYPES = {
    "DoubleStorage": ("F64", 8),
    "FloatStorage": ("F32", 4),
    "HalfStorage": ("F16", 2),
    "BFloat16Storage": ("BF16", 2),
    "LongStorage": ("I64", 8),
    "IntStorage": ("I32", 4),
}


class Storage:
    """A flat buffer; `data` holds its little-endian bytes once they are read."""

    def __init__(self, dtype, item_size, count):
        self.dtype, self.item_size, self.count, self.data = dtype, item_size, count, None

    def fill(self, data):
        if len(data) != self.count * self.item_size:
            raise ValueError(f"cut short: {len(data)} bytes of {self.count * self.item_size}")
        self.data = data


class Tensor:
    """A view into a storage: offset, shape and strides count elements."""

    def __init__(self, storage, offset, shape, strides):
        self.storage, self.offset, self.shape, self.strides = storage, offset, tuple(shape), tuple(strides)

    def to_bytes(self, name):
        """The elements in row-major order, whatever their order in the storage (channels-last files exist)."""
        # The stride of a dimension of size one is never used, and torch stores anything there.
        dimensions = [(size, stride) for size, stride in zip(self.shape, self.strides) if size != 1]
        reach = self.offset + sum((size - 1) * stride for size, stride in dimensions)
        if any(size < 1 or stride < 1 for size, stride in dimensions) or not 0 <= self.offset <= reach < self.storage.count:
            raise ValueError(f"{name} does not fit its storage: shape {self.shape}, strides {self.strides}")
        elements = memoryview(self.storage.data).cast({8: "Q", 4: "I", 2: "H"}[self.storage.item_size])
        return gather(elements, self.offset, dimensions)


def gather(elements, offset, dimensions):
    count = math.prod(size for size, _ in dimensions)
    row_major = all(
        stride == math.prod(size for size, _ in dimensions[i + 1 :]) for i, (_, stride) in enumerate(dimensions)
    )
    if row_major:
        return elements[offset : offset + count].tobytes()
    (size, stride), rest = dimensions[0], dimensions[1:]
    if not rest:
        return elements[offset : offset + (size - 1) * stride + 1 : stride].tobytes()
    return b"".join(gather(elements, offset + i * stride, rest) for i in range(size))


def rebuild_tensor(storage, offset, shape, strides, *_autograd):
    return Tensor(storage, offset, shape, strides)


def rebuild_parameter(tensor, *_autograd):
    return tensor


class AllowListUnpickler(pickle.Unpickler):
    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return rebuild_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return rebuild_parameter
        if module == "torch" and name in DTYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in a file of weights")

    def persistent_load(self, identity):
        kind, class_name, key, _device, count, *view = identity
        if kind != "storage" or any(part is not None for part in view):
            raise pickle.UnpicklingError(f"unknown kind of stored object: {identity!r}")
        return self.storages.setdefault(key, Storage(*DTYPES[class_name], count))


def read_zip(path):
    with zipfile.ZipFile(path) as archive:
        pickles = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise ValueError("no data.pkl inside: not written by torch.save")
        folder = pickles[0][: -len("data.pkl")]
        if folder + "byteorder" in archive.namelist() and archive.read(folder + "byteorder") != b"little":
            raise ValueError("big-endian weights are not supported")
        with archive.open(pickles[0]) as file:
            unpickler = AllowListUnpickler(file)
            state = unpickler.load()
        for key, storage in unpickler.storages.items():
            storage.fill(archive.read(f"{folder}data/{key}"))
        return state


def read_legacy(path):
    with open(path, "rb") as file:
        if AllowListUnpickler(file).load() != LEGACY_MAGIC or AllowListUnpickler(file).load() != LEGACY_PROTOCOL:
            raise ValueError("not written by torch.save")
        if AllowListUnpickler(file).load().get("little_endian") is not True:
            raise ValueError("big-endian weights are not supported")
        unpickler = AllowListUnpickler(file)
        state = unpickler.load()
        for key in AllowListUnpickler(file).load():
            storage = unpickler.storages[key]
            (count,) = struct.unpack("<q", file.read(8))
            if count != storage.count:
                raise ValueError(f"storage {key} holds {count} elements, {storage.count} were announced")
            storage.fill(file.read(count * storage.item_size))
        return state


def write_safetensors(path, state):
    tensors = {name: tensor for name, tensor in state.items() if not name.endswith("num_batches_tracked")}
    strangers = [name for name, tensor in tensors.items() if not isinstance(tensor, Tensor)]
    if strangers or not tensors:
        raise ValueError(f"not a dictionary of tensors: {strangers[:3]}")
    # Wider types first, so that every tensor starts at a multiple of its element size.
    names = sorted(tensors, key=lambda name: (-tensors[name].storage.item_size, name))
    header, blocks, position = {}, [], 0
    for name in names:
        tensor = tensors[name]
        data = tensor.to_bytes(name)
        header[name] = {
            "dtype": tensor.storage.dtype,
            "shape": tensor.shape,
            "data_offsets": [position, position + len(data)],
        }
        blocks.append(data)
        position += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(blocks)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = sys.argv[1:]
    try:
        state = read_zip(source) if zipfile.is_zipfile(source) else read_legacy(source)
        write_safetensors(target, state)
    except Exception as error:  # A damaged pickle may raise nearly anything.
        sys.exit(f"{source}: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
