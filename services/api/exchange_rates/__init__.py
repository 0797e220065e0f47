"""What foreign money was worth: one rate per currency and day, valid until the next (rule C1)."""
