"""How a value looks: pure views, pure painting, thin widgets."""
