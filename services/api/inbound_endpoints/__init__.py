"""The addresses that mail and telephone tools call, and the secrets by which they prove who they are."""
