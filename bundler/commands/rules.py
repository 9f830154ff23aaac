"""``bundler rules``: list the rules of the gate, or explain one."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from bundler.commands.console import print_json, print_result
from bundler.commands.shared_options import common_options, json_option, profile_from
from bundler.errors import UsageError


@click.command("rules")
@click.argument("code", required=False)
@json_option
@common_options
def command(code: str | None, as_json: bool, profile_path: Path | None, templates_path: Path | None) -> None:
    """列出全部规则；给出代码（如 ART16-4）则只解释这一条。"""
    del templates_path
    rules = profile_from(profile_path).regulation.rules
    wanted = list(rules.values())
    if code is not None:
        rule = rules.get(code.upper())
        if rule is None:
            begun = [one for one in rules if one.startswith(f"{code.upper()}-")]
            nearest = begun or difflib.get_close_matches(code.upper(), rules, n=1)
            hint = f"是不是“{'”“'.join(nearest)}”？" if nearest else "bundler rules 列出全部规则。"
            raise UsageError(f"没有“{code}”这条规则。", fix=hint)
        wanted = [rule]
    if as_json:
        values = [{"rule": r.id, "severity": r.severity.value, "article": r.article, "text": r.text} for r in wanted]
        print_json(values[0] if code else values)
        return
    for rule in wanted:
        print_result(f"{rule.id:<22}{_SEVERITY_LABELS[rule.severity.value]}  {rule.article or '—'}\n    {rule.text}")


_SEVERITY_LABELS = {"error": "错误", "warning": "提醒", "info": "说明"}
