"""What is held about persons: sensitive notes, evidence, their rights."""
