"""What is known about the market: values, feeds, sums and the engine. No screen."""
