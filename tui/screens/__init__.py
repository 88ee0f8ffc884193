"""The screens: compose and bind, no arithmetic."""
