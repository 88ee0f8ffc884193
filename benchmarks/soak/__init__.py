"""The long run: captop against servers that misbehave at random, held against what they know."""
