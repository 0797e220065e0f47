"""Sales and refunds: recorded once, never changed. What they amount to is the segmenter's to say."""
