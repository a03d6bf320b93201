"""Messages to borrowers: queue, function, sender."""
