"""What tests of Hydrophone and of its plugins share; never imported by the program itself."""
