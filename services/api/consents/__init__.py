"""What people said about being contacted, with its proof. Statements are added, never changed or removed."""
