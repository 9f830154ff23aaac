"""Every change to a case folder, made safely: what others wrote meanwhile is kept, and a kill at any moment does no harm."""
