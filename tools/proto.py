"""Generate the code of the contract and check the contract, without buf's module registry.

    python tools/proto.py generate      format proto/ and write client/dragoman/v1
    python tools/proto.py check         lint, format and generated code are as they should be
    python tools/proto.py breaking      nothing that the last release promised is gone
    python tools/proto.py release       keep the contract as it is now as the released one

buf reads descriptor images that protoc has made, since the imported google files would otherwise
have to come from its registry (docs/decisions/0002).
"""

import argparse
import filecmp
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.rpc import status_pb2

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
RELEASED = PROTO / "released" / "dragoman-v1.binpb"
PACKAGE = Path("dragoman", "v1")
OUTPUT = ROOT / "client"
BIN = Path(sys.executable).parent
# The folder above google/: googleapis-common-protos carries the .proto files of its modules.
IMPORTED = Path(status_pb2.__file__).parents[2]
GENERATED = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*_pb2_grpc.pyi")


class Failure(Exception):
    """A check that did not pass; the text says what and how to mend it."""


def run(*command: str | Path, problem: str) -> None:
    """Run a command in the project's folder; raise Failure with `problem` if it fails."""
    sys.stdout.flush()
    result = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if result.returncode != 0:
        raise Failure(problem)


def protoc(*arguments: str | Path) -> None:
    """Run the pinned protoc on proto/."""
    run(
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"-I{PROTO}",
        f"-I{IMPORTED}",
        *arguments,
        problem="protoc refuses the contract; see above",
    )


def sources() -> list[Path]:
    """Return every .proto file of the contract, in a stable order; raise Failure if none."""
    found = sorted((PROTO / PACKAGE).glob("*.proto"))
    if not found:
        raise Failure(f"there is no .proto file in proto/{PACKAGE.as_posix()}")
    return found


def write_image(target: Path) -> None:
    """Write the contract, its comments and all that it imports as one descriptor image."""
    protoc(
        "--include_imports", "--include_source_info", f"--descriptor_set_out={target}", *sources()
    )


def with_services(image: Path) -> list[Path]:
    """Return the contract's files that define a service; only those get a _grpc module."""
    files = FileDescriptorSet.FromString(image.read_bytes()).file
    own = PACKAGE.as_posix() + "/"
    return sorted(PROTO / f.name for f in files if f.service and f.name.startswith(own))


def write_code(target: Path) -> None:
    """Write modules and stubs of the whole contract below `target`, as dragoman/v1/*."""
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch, "image.binpb")
        write_image(image)
        services = with_services(image)
    protoc(
        f"--plugin=protoc-gen-mypy={BIN / 'protoc-gen-mypy'}",
        f"--python_out={target}",
        f"--mypy_out=quiet:{target}",
        *sources(),
    )
    if services:
        protoc(
            f"--plugin=protoc-gen-mypy_grpc={BIN / 'protoc-gen-mypy_grpc'}",
            f"--grpc_python_out={target}",
            f"--mypy_grpc_out=quiet:{target}",
            *services,
        )


def generated_in(folder: Path) -> set[str]:
    """Return the names of the generated files in a folder."""
    return {path.name for pattern in GENERATED for path in folder.glob(pattern)}


def generate() -> None:
    """Format proto/ and write the generated code, removing what no file asks for any more."""
    run(BIN / "buf", "format", "--write", "proto", problem="buf cannot format proto/; see above")
    with tempfile.TemporaryDirectory() as scratch:
        write_code(Path(scratch))
        fresh, kept = Path(scratch) / PACKAGE, OUTPUT / PACKAGE
        names = generated_in(fresh)
        for name in generated_in(kept) - names:
            (kept / name).unlink()
        for name in sorted(names):
            (kept / name).write_bytes((fresh / name).read_bytes())
    print(f"client/{PACKAGE.as_posix()}: {len(names)} generated files")


def check() -> None:
    """Check the contract's style and format, and that the generated code is up to date."""
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch, "image.binpb")
        write_image(image)
        run(
            *(BIN / "buf", "lint", image, "--config", PROTO / "buf.yaml"),
            problem="buf lint is not content; see above",
        )
        run(
            *(BIN / "buf", "format", "--diff", "--exit-code", "proto"),
            problem="proto/ is not formatted: run make proto",
        )
        write_code(Path(scratch))
        fresh, kept = Path(scratch) / PACKAGE, OUTPUT / PACKAGE
        names = generated_in(fresh)
        stale = names ^ generated_in(kept)
        _, differing, missing = filecmp.cmpfiles(fresh, kept, sorted(names), shallow=False)
        stale.update(differing, missing)
        if stale:
            names_of = ", ".join(sorted(stale))
            raise Failure(f"client/{PACKAGE} is not what proto/ gives: run make proto. {names_of}")
    print(f"contract: lint, format and {len(names)} generated files are in order")


def breaking() -> None:
    """Check that nothing which the last release promised is gone or changed."""
    if not RELEASED.exists():
        print(f"buf breaking: there is no release yet ({RELEASED.relative_to(ROOT)} is absent)")
        return
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch, "image.binpb")
        write_image(image)
        run(
            *(BIN / "buf", "breaking", image, "--against", RELEASED),
            *("--config", PROTO / "buf.yaml"),
            problem="the contract breaks what is released: adding is the only change",
        )
    print("buf breaking: nothing released is gone or changed")


def release() -> None:
    """Keep the contract as it is now as the released one, which `breaking` compares with."""
    RELEASED.parent.mkdir(exist_ok=True)
    write_image(RELEASED)
    print(f"wrote {RELEASED.relative_to(ROOT)}")


COMMANDS: dict[str, Callable[[], None]] = {
    "generate": generate,
    "check": check,
    "breaking": breaking,
    "release": release,
}


def main() -> int:
    """Run one command; return its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    try:
        COMMANDS[parser.parse_args().command]()
    except Failure as failure:
        print(f"proto: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
