"""Tables, constraints and the named queries on them. Models take a session and never commit."""
