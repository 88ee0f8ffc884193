"""Rules over named metrics: what thesis lines, alerts, colours and filters are made of."""
