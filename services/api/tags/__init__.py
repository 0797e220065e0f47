"""The vocabulary of tags. Customers carry the names; renaming or deleting a tag reaches all of them."""
