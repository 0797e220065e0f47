"""What customers answered to NPS and CSAT questions: recorded once, never changed."""
