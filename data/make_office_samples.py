#!/usr/bin/env python3
"""Turns some of the sample reports into the formats of an office suite, by LibreOffice, and into PDF.

    cargo run --example make_samples && data/make_office_samples.py

Each named report is written as a page, opened by LibreOffice and saved in its new format, and the text it was
made of is removed. Chromium prints another, Ghostscript makes
the prints of LibreOffice small (those of Chromium would lose their characters). Two reports go into an archive as they are, under names in GBK as Windows writes them.
"""

import html
import pathlib
import subprocess
import tempfile
import zipfile

REPORTS = pathlib.Path(__file__).parent / "reports"
WRITER = ("--infilter=HTML (StarWriter)", "docx:MS Word 2007 XML")
CALC = ("--infilter=HTML (StarCalc)", "xlsx:Calc MS Excel 2007 XML")
SHEET = ("--infilter=HTML (StarCalc)", "ods:calc8")
PRINT = ("--infilter=HTML (StarWriter)", "pdf:writer_pdf_Export")
CONVERTED = {
    "2021/青岚区/云台乡人民政府.md": PRINT,
    "2021/青岚区/梧桐路街道办事处2021年政府信息公开工作年度报告.md": WRITER,
    "2022/青岚区/松涛街道办事处.md": WRITER,
    "2022/临溪区/东湖街道-2022.md": CALC,
    "2022/临溪区/滨河路街道.md": SHEET,
}
# Printed by LibreOffice, then laid on its side and shown turned back, as landscape pages often are.
TURNED = "2022/青岚区/梧桐路街道办事处2022年政府信息公开工作年度报告.md"
CONVERTED[TURNED] = PRINT
# Printed by Chromium.
PRINTED = "2022/临溪区/白鹭镇-2022.md"
LOOK = """<style>@page { size: A4; margin: 1.5cm } body { font: 11pt "WenQuanYi Zen Hei" }
table { border-collapse: collapse } td { border: 1px solid black; font-size: 8pt }</style>"""
ARCHIVE = ("2021/临溪区/补充报送.zip", ["2021/临溪区/杏花街街道.md", "2021/临溪区/枫林乡.md"])


class InGbk(zipfile.ZipInfo):
    """A file of an archive, its name in GBK without a word of it."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits


def page(text):
    """A report in Markdown as a page."""
    out, rows = [], []

    def close():
        if rows:
            cells = ["".join(f"<td>{html.escape(c)}</td>" for c in row) for row in rows]
            out.append("<table border=1>" + "".join(f"<tr>{c}</tr>" for c in cells) + "</table>")
            rows.clear()

    for line in text.splitlines():
        if line.startswith("|"):
            if set(line) - set("|- "):
                rows.append([c.strip() for c in line.strip()[1:-1].split("|")])
            continue
        close()
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            out.append(f"<h{level}>{html.escape(line.strip('# '))}</h{level}>")
        elif line.strip():
            out.append(f"<p>{html.escape(line)}</p>")
    close()
    return "<html><head><meta charset=utf-8></head><body>" + "\n".join(out) + "</body></html>"


def smaller(path, turned):
    """Writes a PDF anew with fonts that are packed, and if wanted its pages laid on their side and shown turned back."""
    packed = path.with_suffix(".packed")
    gs = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dAutoRotatePages=/None", f"-sOutputFile={packed}", str(path)]
    subprocess.run(gs, check=True)
    if turned:
        import pypdf

        writer = pypdf.PdfWriter(packed)
        for drawn in writer.pages:
            drawn.rotate(90)
            drawn.transfer_rotation_to_content()
            drawn.rotate(-90)
        writer.write(packed)
    packed.replace(path)


def main():
    with tempfile.TemporaryDirectory() as folder:
        office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        for name, (reader, writer) in CONVERTED.items():
            source = REPORTS / name
            if not source.exists():
                continue
            written = pathlib.Path(folder) / (source.stem + ".html")
            written.write_text(page(source.read_text("utf-8")), "utf-8")
            subprocess.run([*office, reader, "--convert-to", writer, "--outdir", str(source.parent), str(written)], check=True)
            assert source.with_suffix("." + writer.split(":")[0]).exists(), name
            if writer.startswith("pdf"):
                smaller(source.with_suffix(".pdf"), name == TURNED)
            source.unlink()
        source = REPORTS / PRINTED
        if source.exists():
            written = pathlib.Path(folder) / "report.html"
            written.write_text(page(source.read_text("utf-8")).replace("</head>", LOOK + "</head>"), "utf-8")
            browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            subprocess.run([*browser, f"--print-to-pdf={source.with_suffix('.pdf')}", str(written)], check=True)
            source.unlink()
    archive, names = ARCHIVE
    present = [REPORTS / name for name in names if (REPORTS / name).exists()]
    if present:
        with zipfile.ZipFile(REPORTS / archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in present:
                entry = InGbk(path.name, (2022, 2, 1, 9, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes())
                path.unlink()


if __name__ == "__main__":
    main()
