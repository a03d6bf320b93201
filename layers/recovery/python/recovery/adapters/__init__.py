"""What reaches AWS: one file a service, and nothing that decides."""
