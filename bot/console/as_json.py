"""Answer -> JSON text."""

from __future__ import annotations

import msgspec

from bot.console import wire
from bot.console.outdir import Saved
from bot.model.chat import Answer, Footer, Refusal, Reply, Table


def render(answer: Answer, saved: Saved) -> str:
    """One JSON document, indented by two."""
    document = _refusal(answer) if isinstance(answer, Refusal) else _reply(answer, saved)
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _refusal(refusal: Refusal) -> wire.RefusalJson:
    return wire.RefusalJson(wire.ErrorJson(refusal.code.value, refusal.message, refusal.hint, refusal.ref))


def _reply(reply: Reply, saved: Saved) -> wire.ReplyJson:
    return wire.ReplyJson(
        schema=1,
        command=reply.command,
        text=reply.text,
        facts=[
            wire.FactJson(f.key, f.label, f.value, f.number, f.unit.value, f.change_pct) for f in reply.facts
        ],
        table=_table(reply.table) if reply.table else None,
        pictures=[
            wire.PictureJson(str(path), p.alt, p.width_px, p.height_px)
            for p, path in zip(reply.pictures, saved.pictures, strict=True)
        ],
        files=[
            wire.FileJson(str(path), f.media_type, f.sha256)
            for f, path in zip(reply.files, saved.files, strict=True)
        ],
        actions=[wire.ActionJson(a.id, a.label, a.command) for a in reply.actions],
        audience=reply.audience.value,
        footer=_footer(reply.footer),
    )


def _table(table: Table) -> wire.TableJson:
    columns = [wire.ColumnJson(c.key, c.label, c.unit.value) for c in table.columns]
    return wire.TableJson(columns, [list(row) for row in table.rows])


def _footer(footer: Footer) -> wire.FooterJson:
    window = wire.WindowJson(footer.window.start, footer.window.end) if footer.window else None
    return wire.FooterJson(
        window,
        footer.complete_through,
        list(footer.missing_days),
        list(footer.partial_days),
        footer.synced_at,
        footer.receipt,
        footer.definitions_version,
    )
