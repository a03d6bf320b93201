"""People: what holds back for them, their complaints and their rights."""
