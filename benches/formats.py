"""Reads files with the library that an analyst would take, and prints the least seconds of a round.

    python3 benches/formats.py html|docx|pdf ROUNDS FILE...
"""

import io
import sys
import time


def html(data):
    import pandas

    return pandas.read_html(io.BytesIO(data), flavor="lxml")


def docx(data):
    import docx

    document = docx.Document(io.BytesIO(data))
    [paragraph.text for paragraph in document.paragraphs]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def pdf(data):
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return [table for page in document.pages for table in (page.extract_text(), *page.extract_tables())]


READERS = {"html": html, "docx": docx, "pdf": pdf}


def main():
    reader, rounds, paths = READERS[sys.argv[1]], int(sys.argv[2]), sys.argv[3:]
    files = []
    for path in paths:
        with open(path, "rb") as file:
            files.append(file.read())
    best, tables = None, 0
    for _ in range(rounds):
        begin = time.perf_counter()
        tables = sum(len(reader(data)) for data in files)
        took = time.perf_counter() - begin
        best = took if best is None else min(best, took)
    print(f"{best:.6f} {tables}")


main()
