"""What a person's own readings say: figures that are right, or the reason why there is none yet."""
