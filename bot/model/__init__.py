"""Pure vocabulary of the product: chat, errors, time ranges and ports. Imports nothing of ours."""
