"""The DynamoDB table: items, keys, codec, writes, stream, and the repositories."""
