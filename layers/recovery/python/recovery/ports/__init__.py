"""What the use cases need from outside, as Protocols named for what they hold or do."""
