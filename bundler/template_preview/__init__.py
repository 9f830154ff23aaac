"""What a change of a template does: every paper in every situation, before and after, and each condition in Chinese."""
