"""Fields, problems and calendars that several documents share."""
