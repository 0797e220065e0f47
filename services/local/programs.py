"""The table of our own programs: what is started on one machine, in which order, and with what.

Read it from top to bottom: a stage starts when the one above is up, and is stopped before it.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """`arguments` are those of the Python interpreter. `grace` is how many seconds it may take to stop."""

    name: str
    arguments: tuple[str, ...]
    grace: float = 15.0


@dataclass(frozen=True)
class Errand:
    """A program that does one thing and ends. The next stage waits for it, and does not start if it fails."""

    program: Program

    @property
    def programs(self) -> tuple[Program, ...]:
        return (self.program,)


@dataclass(frozen=True)
class Residents:
    """Programs that start together and are kept running."""

    programs: tuple[Program, ...]


Stage = Errand | Residents


@dataclass(frozen=True)
class Product:
    """All stages, and the resident whose GET /health/ready tells that everything is up."""

    stages: tuple[Stage, ...]
    front: str = "api"
    ready_path: str = "/health/ready"

    def programs(self) -> tuple[Program, ...]:
        """Every program of every stage, in the order of their start."""
        return tuple(program for stage in self.stages for program in stage.programs)


def portefeuille(admin_token: Path, *, demo: bool) -> Product:
    """The product itself. Both errands can be repeated at every start without doing their work twice."""
    prepare = ("-m", "services.cli", "prepare", "--token-file", str(admin_token))
    stages: list[Stage] = [
        Errand(Program("prepare", (*prepare, "--demo") if demo else prepare)),
        Residents(
            (
                Program("segmenter", ("-m", "services.segmenter")),
                Program("scheduler", ("-m", "services.scheduler")),
                Program("imports", ("-m", "services.api.imports")),
            )
        ),
    ]
    if demo:
        stages.append(Errand(Program("load-demo", ("-m", "services.cli", "load-demo"))))
    stages.append(Residents((Program("api", ("-m", "services.api")),)))
    return Product(tuple(stages))
