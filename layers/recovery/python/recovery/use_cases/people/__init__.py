"""People: what holds back for them, complaints, sensitive notes, evidence and rights."""
