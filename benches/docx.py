"""What python-docx takes to get all paragraphs and cells of Word documents: benches/docx.py FILE…"""

import sys
import time

import docx

ROUNDS = 5


def read(path):
    document = docx.Document(path)
    paragraphs = [p.text for p in document.paragraphs]
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return len(paragraphs) + len(cells)


if not sys.argv[1:]:
    sys.exit(__doc__)
times = []
for _ in range(ROUNDS):
    start = time.process_time()
    for path in sys.argv[1:]:
        read(path)
    times.append((time.process_time() - start) / len(sys.argv[1:]))
print(f"python-docx: {min(times) * 1e3:.2f} ms a file, best of {ROUNDS}")
