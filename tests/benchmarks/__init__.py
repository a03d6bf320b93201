"""What things cost, side by side in one run: ratios hold from machine to machine, times do not."""
