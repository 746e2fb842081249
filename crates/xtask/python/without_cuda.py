"""Lets a PyTorch that was built for CUDA compute on the CPU without CUDA's libraries, which take gigabytes.

Puts libraries in their place that have the names and the functions that PyTorch is linked to. The functions end the
program: none is called where there is no graphics card. What runs on the CPU is untouched.

    python without_cuda.py SITE_PACKAGES
"""

import pathlib
import re
import subprocess
import sys

# What PyTorch's libraries are linked to, but for the two small ones that its CPU part needs itself.
LIBRARIES = [
    "libcublas.so.13",
    "libcublasLt.so.13",
    "libcudnn.so.9",
    "libcufft.so.12",
    "libcufile.so.0",
    "libcurand.so.10",
    "libcusparse.so.12",
    "libcusparseLt.so.0",
    "libnccl.so.2",
    "libnvshmem_host.so.3",
]
FUNCTION = re.compile(r"\bU ((?:cublas|cudnn|cufft|cuFile|curand|cusparse|nccl|nvshmem)\w*)")


def main():
    packages = pathlib.Path(sys.argv[1])
    place = packages / "nvidia/cu13/lib"
    linked = sorted(packages.glob("torch/lib/libtorch_*.so"))
    undefined = subprocess.run(["nm", "-D", *linked], check=True, capture_output=True, text=True).stdout
    functions = sorted(set(FUNCTION.findall(undefined)))
    source = "#include <stdlib.h>\n" + "".join(f"void {name}(void) {{ abort(); }}\n" for name in functions)
    for library in LIBRARIES:
        # All are found wherever they are: the first library has them for all.
        code = source if library == LIBRARIES[0] else ""
        command = ["cc", "-shared", "-x", "c", "-", "-o", place / library, f"-Wl,-soname,{library}"]
        subprocess.run(command, input=code, check=True, text=True)


if __name__ == "__main__":
    main()
