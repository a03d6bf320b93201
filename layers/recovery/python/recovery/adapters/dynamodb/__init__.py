"""The table: items, keys, codec, writes, stream, and one repository for each port."""
