"""From the texts of a contract to nodes, wherever they stand. Every mistake is noted at its place."""
