"""The OpenSubsonic protocol layer (`layer`), and a checker for any server (`conformance`)."""
