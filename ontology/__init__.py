"""The ontologies as data: our own terms, the borrowed slices, their sources and the checks that hold for them."""
