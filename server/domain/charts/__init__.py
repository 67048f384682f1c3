"""Pictures of readings as SVG text: one module for the mini-program, the console and the papers."""
