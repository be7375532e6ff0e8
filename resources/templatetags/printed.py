"""What is drawn in the PDF of an annual review."""
