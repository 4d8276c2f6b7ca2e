"""The command line as a platform: arguments in, text or JSON out, exit codes."""
