"""Messages to customers and what became of them. Reads only: the scheduler writes and sends them."""
