"""The search for broken promises: what is asked, in which order, and how what is found is made small."""
