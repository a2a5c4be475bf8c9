"""What happened: reports of performance, read without guessing and bound to a contract."""
