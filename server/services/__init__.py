"""Use cases: each public function is one transaction. They load, ask the domain, write, and append to the trail."""
