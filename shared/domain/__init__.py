"""The vocabulary of the product: plain values, pure functions. Standard library only; knows no table and no clock."""
