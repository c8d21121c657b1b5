"""Who is named in a file, how often, under which name in English.

usage: python examples/people.py FILE.txt
"""

import sys
from pathlib import Path

from pnews import annotate


def main() -> None:
    """One line a person, most named first."""
    document = annotate(Path(sys.argv[1]).read_text(encoding="utf-8"))
    people = [cluster for cluster in document.clusters if cluster.type == "PER"]
    for person in sorted(people, key=lambda person: -len(person.mentions)):
        print(len(person.mentions), person.name, person.name_en or "", sep="\t")


if __name__ == "__main__":
    main()
