"""The caller's own workspace: its settings, and in a sandbox its clock. The command line opens workspaces."""
