"""What setup.cfg can't say: a part in C, without which pnews does the same, more slowly."""

from setuptools import Extension, setup

QUICK = Extension("pnews.normalize._quick", ["src/pnews/normalize/_quick.c"], optional=True)

setup(ext_modules=[QUICK])
