"""The arithmetic of nouns: numbers, units, money, rounding, periods, places. Knows no contract."""
