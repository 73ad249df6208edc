"""What is the same for every call, whatever the method: request id, log line, limits, errors."""
