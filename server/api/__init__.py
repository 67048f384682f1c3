"""The HTTP interface: one blueprint a word; schemas in and out, one line of body."""
