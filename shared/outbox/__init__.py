"""An event is written, not sent: `append` puts it beside the data in one transaction, the relay publishes it later."""
