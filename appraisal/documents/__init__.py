"""What is printed: slips, the nomination report, spreadsheets. Made of values, never of rows."""
