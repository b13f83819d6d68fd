"""What a plugin can do: a Protocol for each capability, with its requests and answers.

All methods are required and asynchronous; each takes one frozen Struct, so that a new field breaks
no plugin. A fault is raised as a ProviderError; empty or `None` means asked, and nothing there.
"""
