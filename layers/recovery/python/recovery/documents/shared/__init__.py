"""Fields, problems and calendars shared by several documents."""
