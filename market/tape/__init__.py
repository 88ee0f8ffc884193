"""The day on tape: everything that is folded, in order, so that it can be played through again."""
