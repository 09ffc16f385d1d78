"""What every page and endpoint shares; knows no domain."""
