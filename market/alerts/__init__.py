"""Alerts: rules that somebody wants to be told of when they begin to hold."""
