"""The rules of the camp: plain values in, decisions out. Standard library only; no time, chance or I/O."""
