"""One outside thing a file: values in, values or Problems out."""
