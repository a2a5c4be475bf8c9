"""Documents in and out: contracts, performance reports, statements, schemas."""
