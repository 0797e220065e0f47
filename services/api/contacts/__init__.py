"""People at a company customer. A customer who is a person is its own contact."""
