"""What calls hold about a person, for the export, and what ends when the person leaves."""
