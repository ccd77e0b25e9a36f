"""The sandbox keeps its promises: as strict as Discord, and the real client lives in it."""
