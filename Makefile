# What people type. Every target prepares what it needs; the second time that costs nothing.
.PHONY: help setup setup-test setup-read demo test check lint types templates schema translations picture paper-pictures desk-pictures old-browsers archive-table bench measure-reading desk-load fuzz offline lock clean
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

DEMO := out/write-off-complete.pdf
FUZZ_SECONDS := 600
READING_CASES := 50
READING_SEED := measured
READING_FIRST := 0
SOURCES := bundler tests samples tools benchmarks

help:
	@echo "make setup    准备运行环境：系统软件包、字体（.fonts/）、.venv / prepare everything"
	@echo "make setup-read 另装识读扫描件的程序库（bundler read，约 140 MB）/ what reading scans needs besides, about 140 MB"
	@echo "make demo     由完整样本案卷生成 $(DEMO) / bundle the complete sample"
	@echo "make test     运行全部测试 / all tests"
	@echo "make check    代码检查、类型检查和全部测试 / lint, types and tests"
	@echo "make templates 逐个名称、逐个分支地检查全部模板 / prove the templates"
	@echo "make schema   由案件模型重新导出 schemas/ / export the JSON Schema anew"
	@echo "make translations 由 bundler.po 编译命令行的译文 / compile the texts of the command line"
	@echo "make picture  重新制作 README 中的图片 / draw the picture of the README anew"
	@echo "make paper-pictures 把各样本、各种写法的每一页画成校对稿（out/papers/）/ every page of the samples and variants, for proof-reading"
	@echo "make desk-pictures 重新制作 docs/desk.md 中的图片 / take the pictures of the desk anew"
	@echo "make archive-table 重新写出 docs/archive.md 中的表 / write the table of hostile files anew"
	@echo "make bench    与常用办法比较耗时 / time against what a user would pick instead"
	@echo "make measure-reading 在自造的扫描件上测量识读规则，写出 benchmarks/reading/RULES.md / measure what the rules find in invented scans"
	@echo "make desk-load 二十名书记员同时用工作台两分钟，写出 benchmarks/DESK.md / twenty clerks at the desk for two minutes"
	@echo "make fuzz     用变异的文件试探各读取程序，每项 FUZZ_SECONDS 秒（默认 600）/ fuzz what reads untrusted files"
	@echo "make offline  制作离线安装包（dist/），供没有网络的机器安装 / one archive for machines without network"
	@echo "make lock     重新锁定依赖版本 / pin the dependencies anew"
	@echo "make clean    删除生成物和缓存（保留 .venv 和 .fonts）/ remove what was made, but .venv and .fonts"

setup:
	@tools/setup-system.sh
	@tools/setup-python.sh

setup-test:
	@tools/setup-system.sh --test
	@tools/setup-python.sh

setup-read: setup
	@tools/setup-python.sh --read

demo: setup
	@mkdir -p out
	@rm -f $(DEMO)
	@.venv/bin/bundler build samples/write-off-complete -o $(DEMO)
	@echo $(DEMO)

# The test files are compiled beforehand, since the processes that tests start import them, too.
test: setup-test
	@.venv/bin/python -m compileall -q tests
	@.venv/bin/pytest

check: lint types templates test

templates: setup
	@.venv/bin/bundler templates check

lint: setup-test
	@.venv/bin/ruff check $(SOURCES)
	@.venv/bin/ruff format --check $(SOURCES)

types: setup-test
	@.venv/bin/mypy

schema: setup
	@.venv/bin/bundler schema -o schemas/case.schema.json

translations: setup-test
	@.venv/bin/pybabel --quiet compile -D bundler -d bundler/commands/locale -l zh_CN

picture: setup-test demo
	@.venv/bin/python tools/make_readme_picture.py $(DEMO) docs/pages.jpg

paper-pictures: setup-test
	@.venv/bin/python -m tests.support.paper_pictures out/papers

desk-pictures: setup-test
	@.venv/bin/python tools/make_desk_pictures.py docs/desk

old-browsers:
	@tools/old_browsers.sh

archive-table: setup-test
	@.venv/bin/python tools/make_archive_table.py

bench: setup-test
	@tools/setup-system.sh --bench
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		--requirement benchmarks/requirements.lock
	@.venv/bin/python benchmarks/run.py

# The fonts come from Debian and from npm, and are not installed. READING_CASES says how many cases are invented; READING_SEED and READING_FIRST which.
measure-reading: setup-read
	@benchmarks/reading/fetch_fonts.sh
	@nice -n 10 .venv/bin/python benchmarks/reading/measure_rules.py --cases $(READING_CASES) --first $(READING_FIRST) --seed $(READING_SEED)

desk-load: setup-test
	@.venv/bin/python benchmarks/desk_load.py

fuzz: setup-test
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		--requirement tests/fuzzing/requirements.lock
	@LIFE_STEPS=100 LIFE_EXAMPLES=20 .venv/bin/pytest -q -n 0 tests/case_edit/test_case_folder_life.py
	@.venv/bin/python -m tests.fuzzing.run_all --seconds $(FUZZ_SECONDS)

offline: setup-test
	@tools/make-offline.sh

lock:
	@tools/lock.sh

clean:
	@rm -rf out build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache *.egg-info
	@find bundler tests -name __pycache__ -prune -exec rm -rf {} +
