"""exoalias: the strict mode connection and credential alias for Microsoft Exchange Online, made right and proven."""

__version__ = "0.1.0"
