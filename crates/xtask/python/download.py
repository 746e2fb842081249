"""Downloads one file with Python's standard library, showing progress: python3 download.py URL FILE"""

import sys
import urllib.request

BLOCK = 1 << 20
# For connecting, and for each block to arrive.
TIMEOUT_SECONDS = 20


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    url, target = sys.argv[1:]
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response, open(target, "wb") as file:
            total = int(response.headers.get("Content-Length", 0))
            done = 0
            while block := response.read(BLOCK):
                file.write(block)
                done += len(block)
                if sys.stderr.isatty():
                    of_total = f" of {total / 1e6:.0f}" if total else ""
                    print(f"\r    {done / 1e6:.0f}{of_total} MB", end="", file=sys.stderr, flush=True)
            if sys.stderr.isatty():
                print(file=sys.stderr)
            if total and done != total:
                sys.exit(f"{url}: the download ended after {done} of {total} bytes")
    except OSError as error:
        sys.exit(f"{url}: {error}")


if __name__ == "__main__":
    main()
