"""The small page of an unsubscribe link. No script, no outside resource, nothing that tells others about the visit."""

from html import escape

from starlette.responses import HTMLResponse

from shared.texts import text

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem; }}
button {{ font: inherit; padding: .6rem 1.2rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{message}</p>
{form}
</body>
</html>
"""
_FORM = '<form method="post"><button name="List-Unsubscribe" value="One-Click">{label}</button></form>'


def page(message: str, language: str, *, status: int = 200, button: bool = False, **values: str) -> HTMLResponse:
    """`message` is the last part of a text's key; the values fill its places."""
    title, label = text("unsubscribe.title", language), text("unsubscribe.button", language)
    content = _PAGE.format(
        language=escape(language),
        title=escape(title),
        message=escape(text(f"unsubscribe.{message}", language, **values)),
        form=_FORM.format(label=escape(label)) if button else "",
    )
    return HTMLResponse(content, status, HEADERS)
