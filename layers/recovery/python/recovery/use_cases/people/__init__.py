"""What is held about a person: sensitive notes, evidence, their rights."""
