"""The supervisor under test as a program: `python -m tests.integration.local.supervise FOLDER PORT PRODUCT`."""

import sys
from pathlib import Path

from services.local.folder import DataFolder
from services.local.programs import Errand, Product, Program, Residents
from services.local.up import run

DUMMY = Path(__file__).with_name("dummy.py")


def dummy(name: str, *arguments: str, grace: float = 5.0) -> Program:
    return Program(name, (str(DUMMY), name, *arguments), grace)


def products(folder: DataFolder) -> dict[str, Product]:
    """The shape of the real product, and the same with something wrong in it."""
    prepare = Errand(dummy("prepare", "write", str(folder.admin_token), "the token"))
    workers = Residents((dummy("segmenter", "work"), dummy("scheduler", "work")))
    api = Residents((dummy("api", "api"),))
    return {
        "whole": Product((prepare, workers, api)),
        "stubborn": Product((prepare, Residents((dummy("segmenter", "stay", grace=0.3),)), api)),
        "unprepared": Product((Errand(dummy("prepare", "fail", "no such table: customer")), workers, api)),
        "endless": Product((Errand(dummy("prepare", "work")), workers, api)),
        "broken": Product((prepare, Residents((dummy("api", "fail", "settings: secret_key is missing"),)))),
    }


if __name__ == "__main__":
    data_folder = DataFolder(Path(sys.argv[1]))
    sys.exit(run(data_folder, int(sys.argv[2]), products(data_folder)[sys.argv[3]]))
