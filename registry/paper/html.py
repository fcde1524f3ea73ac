"""The certificate as one HTML file: no script, no outside file; it prints as the PDF reads.

Every text is escaped where it is placed; there is no other way into the page than ``_t``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

from registry.paper.certificate import Certificate, Fact, Line, Print, Signature
from registry.paper.symbol import QUIET, can_draw, data_matrix

STYLE = """
:root{--ink:#14202e;--soft:#4d5966;--rule:#c9d0d8;--wash:#f3f5f7;--green:#0b5d3b;--red:#a3121f;--amber:#8a4b00}
body{font:15px/1.45 "Source Sans 3","Source Sans Pro",system-ui,sans-serif;color:var(--ink);background:#fff;
max-width:54rem;margin:0 auto;padding:0 1.25rem 3rem}
.warnings{position:sticky;top:0;margin:0;padding:0;list-style:none}
.warnings li{background:var(--red);color:#fff;font-weight:600;padding:.35rem .75rem;margin-bottom:2px}
header{display:grid;grid-template-columns:minmax(0,1fr) 6.5rem;gap:2rem;align-items:start;padding-top:1.5rem}
header svg{width:6.5rem;height:auto}header figcaption{font-size:.75rem;color:var(--soft);text-align:center}
figure{margin:0}h1{font-size:2.3rem;line-height:1.1;margin:.1rem 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .6rem}
.soft{color:var(--soft);font-size:.85rem}.lot{font-size:1.5rem;font-weight:600}
.answer{border-left:4px solid var(--red);padding:.2rem .8rem;margin:1rem 0}.answer.released{border-color:var(--green)}
.answer strong{color:var(--red);font-size:1.15rem}.answer.released strong{color:var(--green)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.7rem 2rem;margin:0}
dl.wide{grid-template-columns:1fr}dt{font-size:.8rem;color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:.8rem/1.4 "DejaVu Sans Mono",ui-monospace,monospace;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;
border-bottom:1px solid var(--rule);overflow-wrap:break-word}thead th{background:var(--wash);border-bottom:2px solid}
th:last-child,td:last-child{white-space:nowrap}th .soft{font-weight:400}.answer ul{margin:.3rem 0;padding-left:0;
list-style:none}
.pass{color:var(--green);font-weight:600}.fail{color:var(--red);font-weight:600}
.undetermined,.missing,.incomplete{color:var(--amber);font-weight:600}
.open{margin:0 0 1rem;padding:.4rem .8rem;list-style:none;border-left:3px solid var(--amber);font-weight:600}
.box{background:var(--wash);padding:.7rem 1rem;margin:1rem 0}.signature{border-left:3px solid;padding:.1rem .8rem;
margin:0 0 1rem}.signature p{margin:0}.invalid{color:var(--red);font-weight:600}
footer{border-top:1px solid var(--rule);margin-top:2rem;padding-top:.6rem}
@media(max-width:40rem){body{padding:0 .75rem 2rem}header{grid-template-columns:minmax(0,1fr);gap:.5rem}
h1{font-size:1.7rem}dl{grid-template-columns:minmax(0,1fr)}}
@media screen and (max-width:40rem){table,tbody{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{display:block;border-bottom:1px solid var(--rule);padding:.6rem 0}
tbody :is(th,td){display:flow-root;border:0;padding:.1rem 0 .1rem 7rem;white-space:normal;overflow-wrap:anywhere}
tbody th{padding-left:0}td::before{content:attr(data-said);content:attr(data-said)/"";float:left;width:6.5rem;
margin-left:-7rem;color:var(--soft);font-weight:400;font-size:.85rem}}
@media print{@page{margin:17mm}body{font-size:10pt;max-width:none;padding:0}.warnings{position:fixed;left:0;right:0}
tr,.signature{break-inside:avoid}}
"""
COLUMNS = ("Criterion", "Acceptance limit", "Result as printed", "Verdict")


def _t(text: object) -> str:
    return escape(str(text), quote=True)


def certificate_html(certificate: Certificate) -> str:
    """The whole page. Without the extra ``labels``, which writes the symbol, the address stands in its place."""
    c = certificate
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{_t(c.title)}, lot {_t(c.lot)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        _list(c.warnings, 'class="warnings"'),
        _head(c),
        f"<main>\n<h2>Product</h2>\n{_facts(c.product)}\n<h2>Lot</h2>\n{_facts(c.description)}\n",
        _specification(c),
        _results(c),
        "<h2>Signatures</h2>\n",
        "".join(map(_signature, c.signatures)) or "<p>Nobody has signed a decision on this lot.</p>\n",
        f"<h2>What this paper rests on</h2>\n{_facts(c.digests, 'wide')}\n",
        '<p class="soft">A digest proves that a record was not altered, not that a measurement was true. Only the '
        f'registry knows the lot’s state now: <a href="{_t(c.address)}">{_t(c.address)}</a></p>\n',
        _credential(c),
        _before(c.prints, c.since),
        f'</main>\n<footer class="soft">{_t(c.base)} · {_t(c.drawn_up)}</footer>\n</body>\n</html>\n',
    ]
    return "".join(parts)


def _list(items: Iterable[str], how: str = "") -> str:
    lines = "".join(f"<li>{_t(item)}</li>" for item in items)
    return f"<ul {how}>{lines}</ul>\n" if lines else ""


def _symbol(c: Certificate) -> str:
    if not can_draw():
        return f"<figure><figcaption>Its state now: <code>{_t(c.address)}</code></figcaption></figure>"
    symbol = data_matrix(c.address)
    side = len(symbol.rows) + 2 * QUIET
    return (
        f'<figure><svg viewBox="{-QUIET} {-QUIET} {side} {side}" role="img" shape-rendering="crispEdges" '
        f'aria-label="DataMatrix of the lot’s page: {_t(c.address)}"><path d="{symbol.path}"/></svg>'
        "<figcaption>Scan for its state now</figcaption></figure>"
    )


def _head(c: Certificate) -> str:
    return (
        f'<header>\n<div><p class="soft">Cell product registry</p>\n<h1>{_t(c.title)}</h1>\n'
        f'<p>{_t(c.kind)} <span class="lot">{_t(c.lot)}</span></p>\n'
        f'<div class="answer {"released" if c.state == "released" and not c.past else "stopped"}">{_answer(c)}'
        f"{_list(c.reasons)}</div></div>\n"
        f"{_symbol(c)}\n</header>\n"
    )


def _answer(c: Certificate) -> str:
    then = f"{c.state.capitalize()}. {c.answer}"
    return (
        f"<strong>{_t(c.past)}</strong><br>What was known then: {_t(then)}"
        if c.past
        else f"<strong>{_t(then)}</strong>"
    )


def _facts(facts: Iterable[Fact], how: str = "") -> str:
    values = ((fact.label, f"<code>{_t(fact.value)}</code>" if fact.code else _t(fact.value)) for fact in facts)
    rows = "".join(f"<div><dt>{_t(label)}</dt><dd>{value}</dd></div>" for label, value in values)
    return f'<dl class="{how}">{rows}</dl>'


def _specification(c: Certificate) -> str:
    if not c.specification:
        text = "<p>No specification is approved for this lot’s product, so nothing was judged.</p>\n"
        return f"<h2>Specification</h2>\n{text}"
    asked = "the identity that the Cell Ontology and ISCT (2006) ask of this cell type"
    text = (
        f"<p>Departures from {asked}:</p>{_list(c.departures)}"
        if c.departures
        else f"It departs in nothing from {asked}."
    )
    return f'<h2>Specification</h2>\n{_facts(c.specification)}\n<div class="box">{text}</div>\n'


def _results(c: Certificate) -> str:
    if not c.criteria:
        return ""
    still_open = _list(c.still_open, 'class="open"')
    return (
        f"<h2>Results</h2>\n<p>All criteria of the specification, judged on the current results: "
        f'<span class="{_t(c.verdict)}">{_t(c.verdict)}</span>.</p>\n{still_open}'
        '<table role="table">\n<thead role="rowgroup">'
        f'<tr role="row">{"".join(map(_column, COLUMNS))}</tr></thead>\n<tbody role="rowgroup">\n'
        f"{''.join(map(_line, c.criteria))}</tbody>\n</table>\n"
        + "".join(f'<p class="soft">[{at}] {_t(source)}</p>\n' for at, source in enumerate(c.sources, start=1))
    )


def _column(name: str) -> str:
    return f'<th scope="col" role="columnheader">{name}</th>'


def _cell(column: int) -> str:
    """A cell's beginning: where there is little room, its column's name stands before its value."""
    return f'<td role="cell" data-said="{COLUMNS[column]}"'


def _line(line: Line) -> str:
    seen = "".join(
        f'<div>{_t(result.printed)}<br><span class="soft">Method: {_t(result.method)}. {_t(result.source)}</span></div>'
        for result in line.observed
    )
    note = f'<div class="soft">{_t(line.note)}</div>' if line.note else ""
    cited = f' <span class="soft">[{line.limit_source}]</span>' if line.limit_source else ""
    asked = f'<br><span class="soft">by {_t(line.method)}</span>' if line.method else ""
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{_t(line.characteristic)}<br>'
        f'<span class="soft">{_t(line.standing)}</span></th>'
        f"{_cell(1)}>{_t(line.limit)}{cited}{asked}</td>{_cell(2)}>{seen or 'no result'}{note}</td>"
        f'{_cell(3)} class="{_t(line.verdict)}">{_t(line.verdict)}</td></tr>\n'
    )


def _signature(signature: Signature) -> str:
    holds = (
        '<p class="soft">The signature verifies over record '
        if signature.valid
        else '<p class="invalid">THE SIGNATURE DOES NOT VERIFY over record '
    )
    reason = f"<p>Reason: {_t(signature.reason)}</p>" if signature.reason else ""
    reason += f"<p>Signed with password and {_t(signature.second_factor)}</p>" if signature.second_factor else ""
    reason += f"<p>What is due must be there by {_t(signature.complete_by)}</p>" if signature.complete_by else ""
    return (
        f'<div class="signature"><p><strong>{_t(signature.printed_name)}</strong> ({_t(signature.account)})</p>'
        f"<p>{_t(signature.kind.capitalize())}, signed {_t(signature.at)}</p>"
        f"<p>Meaning: {_t(signature.meaning)}</p>{reason}"
        f"{holds}<code>{_t(signature.record)}</code></p></div>\n"
    )


def _credential(c: Certificate) -> str:
    """The credential within the file, to be saved and checked elsewhere; a preview has none."""
    if not c.credential:
        return ""
    data = base64.b64encode(c.credential.encode()).decode()
    return (
        "<h2>To be checked elsewhere</h2>\n<p>The lot’s credential (W3C Verifiable Credentials 2.0) is in this file: "
        f'<a download="credential.vc.json" href="data:application/vc;base64,{data}">save credential.vc.json</a>, and '
        "check it without this registry: <code>cell-registry verify credential.vc.json</code>. The newest is at "
        f'<a href="{_t(c.credential_address)}">{_t(c.credential_address)}</a>.</p>\n'
    )


def _before(prints: tuple[Print, ...], since: tuple[str, ...]) -> str:
    if not prints:
        return ""
    rows = "".join(
        f"<li>Entry {print_.position}, {_t(print_.at)}, by {_t(print_.actor)}: {_t(print_.what)}, of ledger size "
        f"{print_.ledger_size}. <code>{_t(print_.digest)}</code></li>"
        for print_ in prints
    )
    news = _list(since) or "<p>Nothing about this lot.</p>"
    return f"<h2>Printed before</h2>\n<ul>{rows}</ul>\n<p>Since the newest of these prints:</p>{news}"
