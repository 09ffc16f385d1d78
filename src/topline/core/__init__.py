"""What everything rests on: money, text, time, ids, errors, settings, database. No hotel words, no web."""
