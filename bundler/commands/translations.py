"""Click's own words in Chinese; what is not in the table stays as click says it."""

from __future__ import annotations

from types import ModuleType

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

_WORDS = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这个说明。",
    "Show the version and exit.": "显示版本。",
    "required": "必填",
    "default": "默认",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用“{command} {option}”看说明。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing command.": "缺少命令。",
    "No such option: {name}": "没有“{name}”这个选项。",
    "No such command {name!r}.": "没有“{name}”这个命令。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "Did you mean one of: {possibilities}?": "是不是其中一个：{possibilities}？",
    "(Possible options: {possibilities})": "（是不是：{possibilities}？）",
    "Invalid value: {message}": "参数不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 不对：{message}",
    "{value!r} is not one of {choices}.": "“{value}”不在这几个里面：{choices}。",
    "Got unexpected extra argument ({args})": "多出了参数：{args}",
    "Got unexpected extra arguments ({args})": "多出了参数：{args}",
    "Option {name!r} requires an argument.": "选项“{name}”后面要有值。",
    "Option {name!r} requires {nargs} arguments.": "选项“{name}”后面要有 {nargs} 个值。",
    "Option {name!r} does not take a value.": "选项“{name}”后面不能有值。",
    "Choose from:\n\t{choices}": "可以是：\n\t{choices}",
    "Could not open file {filename!r}: {message}": "文件“{filename}”打不开：{message}",
}


def _translate(message: str) -> str:
    return _WORDS.get(message, message)


def _translate_plural(singular: str, plural: str, count: int) -> str:
    return _WORDS.get(singular if count == 1 else plural, singular if count == 1 else plural)


def install_translations() -> None:
    """Give click's modules our words; click looks them up by these two module-level names."""
    modules: tuple[ModuleType, ...] = (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.types,
    )
    for module in modules:
        for name, function in (("_", _translate), ("ngettext", _translate_plural)):
            if hasattr(module, name):
                setattr(module, name, function)
