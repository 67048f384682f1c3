"""Tangying 糖营: the backend of a 28-day check-in camp for people with diabetes."""
