"""Take the pictures of docs/desk.md: every page and dialog of the desk in Chromium, on a fixed day.

Usage: python tools/make_desk_pictures.py FOLDER
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path

import pypdfium2
import uvicorn
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from desk_shelf import DAY, fill  # noqa: E402

from bundler import clock  # noqa: E402 (found beside this folder)
from bundler.case.reader import CASE_FILE  # noqa: E402
from bundler.desk.app import make_app  # noqa: E402
from bundler.desk.batches.runner import BatchProgress  # noqa: E402
from bundler.desk.reading.background_reading import ReadingState  # noqa: E402
from bundler.desk.security.access_config import LOOPBACK_HOSTS, AccessConfig  # noqa: E402
from bundler.desk.security.accounts import edit_accounts, hash_password  # noqa: E402
from bundler.desk.security.roles import Role  # noqa: E402
from bundler.desk.settings import DeskSettings  # noqa: E402
from bundler.documents.definitions import find_templates_folder  # noqa: E402
from bundler.ledger import case_change_log  # noqa: E402
from bundler.profile import load_profile  # noqa: E402
from bundler.scan_reading.case_readings import FOLDER as READINGS_FOLDER  # noqa: E402
from tests.support.browser import SCREEN, launch_browser  # noqa: E402 (the tests are no installed package)
from tests.support.sample_readings import write_sample_readings  # noqa: E402

PATIENCE = 300_000
"""Timeout for a page, in milliseconds."""
STAFF = (
    ("李某某", "执行员", ("案件承办人", "对外联系人")),
    ("王某某", "副院长", ("主办院领导",)),
    ("陈某某", "书记员", ("书记员", "登记人", "首访接待人")),
)
"""Name, title, and what each usually does."""
REGISTER = (
    ("登记号", "来访时间", "信访人", "联系电话", "执行案号"),
    ("钢信执2021-0201", "2021-12-01", "丑某某", "13800000000", "（2021）鲁0117执9201号"),
    ("钢信执2021-0202", "月底", "寅某某", "", "（2021）鲁0117执9202号"),
    ("钢信执2021-0042", "2021-12-02", "卯某某", "", ""),
)
ACCOUNTS = {
    "李某某": frozenset(Role),
    "陈某某": frozenset({Role.CLERK}),
    "王某某": frozenset({Role.LEADER}),
    "戚某某": frozenset({Role.CENTRE, Role.AUDITOR}),
}
CLERK, OTHER, PASSWORD = "李某某", "陈某某", "只供制作图片用的口令"
DRAWN = """() => {
  const seen = [...document.images].filter((one) => one.getAttribute("src"));
  seen.forEach((one) => { one.loading = "eager"; });
  document.querySelectorAll("input[type=date], input[type=datetime-local]").forEach((one) => {
    const type = one.type;
    one.type = "text";
    one.type = type;
  });
  return Promise.all(seen.map((one) => one.decode()));
}"""
"""Waits for every image of the page, also outside the window; and recreates date fields, which would be in English where
the field was created before it was inserted into the page."""
STEADY = (
    "--enable-blink-features=LangAttributeAwareFormControlUI",
    "--disable-partial-raster",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--disable-gpu",
)
"""Options for reproducible rendering, and for dates as a Chinese browser shows them."""
NOON = datetime.combine(DAY, time(10, 30), clock.SHANGHAI)
LARGE = 130_000
"""Bytes of a picture."""
FOUND = "拍卖"
"""What the picture of the search finds."""
COMPLETE, BEGUN = "钢信执2021-0042", "钢信执2021-0078"


class Camera:
    """A browser window and the folder for its pictures."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self._folder = page, folder
        page.set_default_timeout(PATIENCE)

    def shoot(self, name: str, *, whole: bool = False) -> None:
        """Take a picture of the window, or of the whole page."""
        self.page.evaluate(DRAWN)
        keep(self.page.screenshot(full_page=whole, animations="disabled"), self._folder / f"{name}.webp")

    def print(self, name: str) -> None:
        """Take a picture of the page's first printed sheet."""
        with pypdfium2.PdfDocument(io.BytesIO(self.page.pdf(prefer_css_page_size=True))) as pdf:
            image = pdf[0].render(scale=1.6).to_pil()
        data = io.BytesIO()
        image.save(data, "PNG")
        keep(data.getvalue(), self._folder / f"{name}.webp")

    def open(self, number: str, part: str = "") -> None:
        """Open a tab of a case, which is found by its number."""
        self.page.goto(self.root + f"?q={number}")
        self.page.get_by_role("link", name=number, exact=True).click()
        if part:
            self.page.get_by_role("navigation", name="本案各页").get_by_role("link", name=part).click()
        expect(self.page.locator("#case-head")).to_contain_text(number)
        self.page.wait_for_load_state()  # from now on changes are sent

    @property
    def root(self) -> str:
        """The desk's address."""
        return "/".join(self.page.url.split("/")[:3]) + "/"


def keep(data: bytes, path: Path) -> None:
    """Compress a picture, smaller than the browser does: without loss, but for one that is large because it shows a scan."""
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").save(path, lossless=True, quality=100, method=6)
        if path.stat().st_size > LARGE:
            image.convert("RGB").save(path, quality=80, method=6)


@contextmanager
def desk(settings: DeskSettings, access: AccessConfig) -> Iterator[tuple[str, Starlette]]:
    """A desk on this machine: its address and its application."""
    app = make_app(settings, access)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="critical", access_log=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/", app
    finally:
        server.should_exit = True
        thread.join()


def window(browser: Browser, address: str, folder: Path) -> Camera:
    """Open a separate browser window."""
    context = browser.new_context(viewport=SCREEN, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    return Camera(page, folder)


def come_in(camera: Camera, name: str) -> None:
    """Sign in."""
    camera.page.get_by_label("账号").fill(name)
    camera.page.get_by_label("口令").fill(PASSWORD)
    camera.page.get_by_role("button", name="登录").click()
    expect(camera.page.get_by_role("button", name="退出")).to_be_visible()


def shoot_list(camera: Camera) -> None:
    """The case list once every case is checked, the dialog for a new case, and the printed list."""
    page = camera.page
    page.goto(camera.root)
    expect(page.locator("#list [role=status]")).not_to_contain_text(re.compile("正在"), timeout=PATIENCE)
    page.goto(camera.root)
    camera.shoot("list")
    page.get_by_role("button", name="新建案件").click()
    page.get_by_label("登记号", exact=True).fill("钢信执2021-0190")
    page.get_by_label("收到日期").fill(DAY.isoformat())
    page.get_by_label("信访人", exact=True).fill("庚某某")
    camera.shoot("new-case")
    page.keyboard.press("Escape")


def shoot_own_day(camera: Camera) -> None:
    """The own day of somebody who handles some of the cases."""
    camera.page.goto(f"{camera.root}today")
    expect(camera.page.locator("#list [role=status]")).not_to_contain_text(re.compile("正在"))
    camera.shoot("own-day")


def shoot_staff(camera: Camera) -> None:
    """The staff list with three people, entered on its page."""
    page = camera.page
    page.goto(f"{camera.root}staff")
    for name, title, roles in STAFF:
        page.get_by_label("姓名").fill(name)
        page.get_by_label("职务", exact=True).fill(title)
        for role in roles:
            page.get_by_label(role, exact=True).check()
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("row").filter(has_text=name)).to_be_visible()
    camera.shoot("staff")


def shoot_accounts(camera: Camera) -> None:
    """The page of accounts with one of them opened, and the page of the own password."""
    page = camera.page
    page.goto(f"{camera.root}accounts?edit={OTHER}")
    expect(page.get_by_role("heading", name=f"修改：{OTHER}")).to_be_visible()
    camera.shoot("accounts")
    page.get_by_role("link", name=CLERK, exact=True).click()
    expect(page.get_by_label("现在的口令")).to_be_focused()
    camera.shoot("password")


def shoot_register(camera: Camera, place: Path) -> None:
    """The report of a register that was looked at."""
    book = Workbook()
    for row in REGISTER:
        book.worksheets[0].append(row)
    book.worksheets[0].title = "2021年"
    book.save(place / "登记簿.xlsx")
    page = camera.page
    page.goto(f"{camera.root}register")
    page.get_by_label("登记簿文件").set_input_files(place / "登记簿.xlsx")
    page.get_by_role("button", name="先看一看").click()
    expect(page.locator("#register-report table")).to_be_visible()
    camera.shoot("register")


def shoot_help(camera: Camera) -> None:
    """The help of the list."""
    camera.page.goto(camera.root)
    camera.page.get_by_role("button", name="帮助").click()
    camera.shoot("help")
    camera.page.keyboard.press("Escape")


def shoot_in_print(camera: Camera) -> None:
    """The whole list as printed."""
    camera.page.get_by_role("link", name="打印清单").click()
    expect(camera.page.get_by_role("button", name="打印")).to_be_focused()
    camera.print("print")


def shoot_form(camera: Camera, colleague: Camera) -> None:
    """The form, the dialog for a new row, and a field that two clerks edited."""
    page, other = camera.page, colleague.page
    camera.open(BEGUN)
    camera.shoot("form")
    page.evaluate("document.getElementById('s-decision').scrollIntoView()")
    camera.shoot("form-grounds")
    page.get_by_role("button", name="填写：不予受理", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("combobox").select_option("6")
    camera.shoot("new-row")
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, 0)")
    colleague.open(BEGUN)
    other.get_by_label(re.compile("^短事由")).fill("拍卖款分配不及时等问题")
    page.get_by_label(re.compile("^案件来源")).focus()
    other.keyboard.press("Tab")
    expect(page.locator(".changed-notice")).to_be_visible()
    camera.shoot("changed")
    # A field saves itself a second after the last key, so both have to write in that second.
    theirs, source = other.get_by_label(re.compile("^案件来源")), page.get_by_label(re.compile("^案件来源"))
    theirs.fill("来访、来信")
    source.fill("来访，联名信")
    with other.expect_response("**/fields"):
        theirs.press("Tab")
    source.press("Tab")
    expect(page.get_by_role("dialog")).to_contain_text("来访、来信")
    camera.shoot("conflict")
    page.keyboard.press("Escape")


def shoot_materials(camera: Camera) -> None:
    """The slots of the materials; the scans that wait to be placed; a page in the viewer."""
    page = camera.page
    camera.open(BEGUN, "材料")
    camera.shoot("lacking")
    camera.open(COMPLETE, "材料")
    expect(page.get_by_role("button", name="打开预览：领导批示笺", exact=True)).to_be_visible()
    camera.shoot("materials")
    page.get_by_role("button", name="名称等：领导批示笺", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    camera.shoot("details")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="打开预览：约谈（谈话）笔录", exact=True).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    camera.shoot("viewer")
    page.keyboard.press("Escape")
    camera.open(BEGUN, "材料")
    page.get_by_role("button", name=re.compile("^说明确无此件")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    camera.shoot("absent")
    page.keyboard.press("Escape")
    samples = ROOT / "samples" / "archive-complete" / "materials"
    dropped = [samples / "受理告知书送达回证.jpg", samples / "集体研究记录.tif"]
    page.locator("#page-drop input[multiple]").set_input_files(dropped)
    expect(page.locator("#queue-told")).to_contain_text("收完了：2 份")
    page.locator(".tile").first.click()
    camera.shoot("sorting")
    page.get_by_role("button", name="全选").click()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="不要…").click()
    expect(page.locator(".tile")).to_have_count(0)


def shoot_papers(camera: Camera) -> None:
    """The documents that can be drafted, and the preview of one."""
    camera.open(BEGUN, "文书")
    camera.shoot("papers")
    camera.page.get_by_role("button", name="预览执行申诉信访事项受理告知书", exact=True).click()
    expect(camera.page.get_by_role("dialog")).to_be_visible()
    camera.shoot("paper")
    camera.page.keyboard.press("Escape")


def shoot_bundle(camera: Camera, root: Path) -> None:
    """An incomplete case; then a bundle built and verified, the history, and the recycle bin."""
    page = camera.page
    camera.open(BEGUN, "成卷")
    camera.shoot("gate")
    camera.open(COMPLETE, "材料")
    page.get_by_role("button", name="取走：信访回访记录", exact=True).click()
    expect(page.get_by_role("button", name="取走：信访回访记录", exact=True)).to_be_hidden()
    camera.open(COMPLETE, "成卷")
    page.get_by_role("button", name="成卷", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^核对 "))).to_be_visible()
    (made,) = root.glob(f"*/{COMPLETE}.pdf")
    os.utime(made, (NOON.timestamp(), NOON.timestamp()))
    page.reload()
    page.get_by_role("button", name=re.compile("^核对 ")).click()
    expect(page.get_by_text("与成卷时一致。")).to_be_visible()
    camera.shoot("bundle")
    camera.open(COMPLETE, "历史")
    camera.shoot("history")


def shoot_centre(camera: Camera, app: Starlette) -> None:
    """The batch page before, during and after a batch."""
    page, batches = camera.page, app.state.services.batches
    page.goto(camera.root + "centre")
    camera.shoot("centre")
    progress = batches.progress
    batches.progress = lambda: BatchProgress(
        is_running=True, done=21, total=47, end="", messages=(), actor=CLERK, is_stopping=False
    )
    page.reload()
    camera.shoot("centre-running")
    batches.progress = progress
    page.reload()
    page.get_by_role("button", name="开始批处理").click()
    expect(page.get_by_text("处理了 47 / 47 件")).to_be_visible(timeout=10 * PATIENCE)
    camera.shoot("centre-done")


def shoot_proposals(camera: Camera, root: Path) -> None:
    """What was read on the scans, for the fields of the form that are still empty."""
    folder = root / "archive-complete"
    original = (folder / CASE_FILE).read_bytes()
    tree = json.loads(original)
    del tree["enforcement_cases"][0]["parties"]["respondents"]
    (folder / CASE_FILE).write_text(json.dumps(tree, ensure_ascii=False, indent=2), encoding="utf-8")
    write_sample_readings(folder.name, folder)
    camera.open(tree["registration"]["no"])
    look = camera.page.get_by_role("button", name=re.compile("^看：")).first
    look.click()
    expect(camera.page.locator("#scan-view .found")).to_have_count(1)
    camera.page.evaluate("scrollTo(0, 0)")
    camera.shoot("proposals")
    shoot_words(camera)
    (folder / CASE_FILE).write_bytes(original)
    shutil.rmtree(folder / READINGS_FOLDER)


def shoot_words(camera: Camera) -> None:
    """A search inside the papers; a hit opened, with the words that were read over the page."""
    page = camera.page
    page.goto(f"{camera.root}find?q={FOUND}")
    expect(page.locator("#hits p[role=status]")).to_contain_text("处，", timeout=PATIENCE)
    camera.shoot("find")
    page.get_by_role("link", name=re.compile("，第 ")).first.click()
    expect(page.locator("#dialog .found").first).to_be_visible()
    page.get_by_role("button", name="识读的文字").click()
    expect(page.locator("#dialog .word").first).to_be_visible()
    camera.shoot("page-words")


def shoot_reading(camera: Camera, app: Starlette) -> None:
    """The page of reading while scans are read."""
    ref = app.state.services.case_registry.scan()[0]
    state = ReadingState(
        is_on=True, actor=CLERK, case=ref.key, name=ref.name, left=12, pages=386, unclear=2, done=19, total=47
    )
    app.state.services.reading.state = lambda: state
    camera.page.goto(f"{camera.root}reading")
    camera.shoot("reading")


def shoot_templates(camera: Camera) -> None:
    """The papers, and one of them in every situation."""
    camera.page.goto(f"{camera.root}templates")
    camera.shoot("templates")
    camera.page.get_by_role("link", name="执行申诉信访事项受理告知书").click()
    expect(camera.page.get_by_role("heading").first).to_be_visible()
    camera.shoot("template")


def shoot_reminders(camera: Camera) -> None:
    """Who is to be reminded of what."""
    camera.page.goto(f"{camera.root}centre/reminders")
    camera.shoot("reminders")


def shoot_errors(camera: Camera) -> None:
    """The error page for an address that does not exist."""
    camera.page.goto(camera.root + "cases/0000")
    camera.shoot("refused")


def main(folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    # A fixed name and time, so that histories and their digests are the same on every machine.
    clock.now = lambda: NOON
    socket.gethostname = lambda: "desk"
    case_change_log._account_name = lambda: "bundler"  # noqa: SLF001 (the account that runs this)
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as place, launch_browser(*STEADY) as browser:
        os.environ["XDG_CACHE_HOME"] = str(Path(place) / "cache")
        root, users = Path(place) / "案件", Path(place) / "users.json"
        root.mkdir()
        fill(root)
        with edit_accounts(users) as accounts:
            accounts.hashes.update({name: hash_password(PASSWORD) for name in ACCOUNTS})
            accounts.given_roles.update(ACCOUNTS)
        settings = DeskSettings(
            root, Path(place) / "批处理", load_profile(None), find_templates_folder(None), lambda: DAY
        )
        with desk(settings, AccessConfig(LOOPBACK_HOSTS, users=users)) as (address, app):
            camera, colleague = window(browser, address, folder), window(browser, address, folder)
            camera.shoot("sign-in")
            come_in(camera, CLERK)
            come_in(colleague, OTHER)
            shoot_staff(camera)
            shoot_accounts(camera)
            shoot_register(camera, Path(place))
            shoot_list(camera)
            shoot_own_day(camera)
            shoot_help(camera)
            shoot_in_print(camera)
            shoot_form(camera, colleague)
            shoot_materials(camera)
            shoot_papers(camera)
            shoot_bundle(camera, root)
            shoot_proposals(camera, root)
            shoot_reading(camera, app)
            shoot_templates(camera)
            shoot_reminders(camera)
            shoot_centre(camera, app)
            shoot_errors(camera)
        with desk(settings, AccessConfig(LOOPBACK_HOSTS)) as (address, _):
            window(browser, address, folder).shoot("closed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
