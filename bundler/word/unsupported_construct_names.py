"""What a Word file may contain that is not supported in a bundle: names in the words of Word and WPS, and what to press."""

from __future__ import annotations

from dataclasses import dataclass

from bundler.file_inspection_record import FileProblem

_EXPORT = "或者在 WPS 里“输出为 PDF”再放入；签名的请打印后扫描"
REVIEW_MARKS = {
    "ins": "修订（插入）",
    "del": "修订（删除）",
    "moveFrom": "修订（移动）",
    "moveTo": "修订（移动）",
    "moveFromRangeStart": "修订（移动）",
    "moveToRangeStart": "修订（移动）",
    "cellIns": "修订（插入单元格）",
    "cellDel": "修订（删除单元格）",
    "cellMerge": "修订（合并单元格）",
    "customXmlInsRangeStart": "修订（插入）",
    "customXmlDelRangeStart": "修订（删除）",
    "commentReference": "批注",
    "commentRangeStart": "批注",
}
"""Elements of revisions and comments by local name; revisions of format alone are not among them."""
_FIXES = {
    "文本框": "请把框里的字剪切到正文里，删去文本框",
    "图形": "请选中图形、水印或者横线后删去",
    "图片": "请把图片另作一件材料（JPEG、PNG 或者 PDF）",
    "嵌入对象": "请选中对象，复制后“选择性粘贴”为文字",
    "嵌入的其他文档": "请用 WPS 打开后另存一份",
    "子文档": "请用 WPS 打开后另存一份",
    "脚注": "请把脚注里的话移到正文里",
    "尾注": "请把尾注里的话移到正文里",
    "公式": "请把公式改成普通文字",
    "拼音指南": "请选中这几个字，在“开始→拼音指南”里按“清除读音”",
    "自动编号的格式": "请选中这几段，右键复制后“只粘贴文本”，使编号变成普通文字",
    "分节": "请在“章节”里把分节符改为“下一页分节符”，各节页边距、页眉页脚相同的可以删去分节符",
    "分栏": "请在“页面→分栏”里选“一栏”",
    "隐藏文字": "请按 Ctrl+A 全选，按 Ctrl+D，去掉“隐藏文字”；不要的字请删去",
    "删除线": "请按 Ctrl+A 全选，按 Ctrl+D，去掉“删除线”；划去的字请删去",
    "上标或者下标": "请选中后按 Ctrl+D，去掉“上标”“下标”",
    "图文框": "请选中图文框的边框，右键“设置图文框格式”，按“删除图文框”",
    "域": "请选中这一处，按 Ctrl+Shift+F9，变成普通文字",
    "竖排文字": "请在“页面→文字方向”里选“水平方向”",
    "符号字体的符号": "请删去这个符号，在“插入→符号”里选 ☑、☐ 等普通符号",
    "已被合并的单元格里还留着的文字": "请拆分这个单元格，删去或者移出里面的字",
    "旧式合并的单元格": "请拆分这个单元格，再按“合并单元格”",
    "位置不对的段落、表格或者文字": "请用 WPS 打开后另存一份",
    "指向文件以外的图片或者内容": "请删去后，从本机重新插入",
    "文件里没有定义的样式": "请用 WPS 打开后另存一份",
}
_TEMPLATE_FIXES = {
    "文本框": "请在 Word 或者 WPS 里点住文本框的边框，把框里的字剪切（Ctrl+X）到正文的段落里，再选中空框按 Delete 删去",
    "图片": "请选中图片按 Delete 删去；模板里只有页眉的二维码是图片",
    "嵌入的其他文档": "请用 WPS 打开模板，另存一份",
    "子文档": "请用 WPS 打开模板，另存一份",
}
"""What to do where it stands in a template, which is no paper that could be scanned instead."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in one part of a Word file.

    Attributes:
        construct: its name.
        where: the part in Chinese.
        paragraph: the number of the paragraph in the part; 0 for the whole part.
        location: the part and the paragraph with its first words.
    """

    construct: str
    where: str
    paragraph: int
    location: str

    @property
    def is_review_mark(self) -> bool:
        """Whether it is a revision or a comment."""
        return self.construct.startswith(("修订", "批注"))

    def problem(self, count: int = 1, *, in_template: bool = False) -> FileProblem:
        """Return it as a problem; `count` is how often it was found, `in_template` whether a template can be mended alone."""
        place = self.location if count == 1 else f"{self.location}等 {count} 处"
        if self.is_review_mark:
            return FileProblem(
                "FILE-UNREVIEWED",
                f"{place}有没处理完的{self.construct}。",
                "请在 Word 里接受或者拒绝全部修订、删去批注，再保存。",
            )
        name = self.construct.partition("（")[0]
        fix = _FIXES.get(name, "请改成普通文字")
        fix = f"{_TEMPLATE_FIXES.get(name, fix)}，保存模板" if in_template else f"{fix}；{_EXPORT}"
        return FileProblem("DOCX-UNSUPPORTED", f"{place}有排版不支持的内容：{self.construct}。", f"{fix}。")
