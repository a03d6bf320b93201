"""Portfolio Recovery, as the functions import it."""
