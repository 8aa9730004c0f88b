"""The goods list: which goods of the manufacturing industry are supported, and how deeply they are processed."""
