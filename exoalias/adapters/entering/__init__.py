"""The ways in to an instance, behind one seam."""
