"""What mail and telephone tools tell us: verified, stored raw once, translated, matched to a customer, acted upon.

Whatever provider it comes from, everything after `providers` speaks the normalised vocabulary.
"""
