"""The film demo; see README.md beside this file for where its data is from and its terms."""

from catalog.demo.films import load_demo

__all__ = ["load_demo"]
