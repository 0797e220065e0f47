"""What a segment builder may offer: the fields of customers, their scores, and custom fields in use. Reads only."""
