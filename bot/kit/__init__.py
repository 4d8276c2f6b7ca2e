"""What every command is made with: its declaration, its dependencies, and words for figures."""
